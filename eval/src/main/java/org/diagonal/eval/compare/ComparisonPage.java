package org.diagonal.eval.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.compare.Comparison.OnTask;
import org.diagonal.eval.compare.Comparison.OnText;
import org.diagonal.eval.compare.Comparison.Perplexities;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.effect.PerplexityRatio;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.ArmRuns;
import org.diagonal.eval.train.ScalingsFigures;
import org.diagonal.eval.train.TrainingFigures;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.eval.trajectory.TrajectoryFigures;

/** The report of a comparison, on a text or on a template task. */
public final class ComparisonPage {

    private static final String SEVERAL_SEEDS =
            "Estimates are means over the seeds, whose trainings are paired. Intervals hold both noises,"
                    + " of other trainings and of other %1$s: half their width is √(t²s²/k + t²v), with s²"
                    + " the variance between the k seeds, v that of the mean over %1$s, and t the 97.5 %%"
                    + " quantiles of Student’s distribution.";

    private static final String ONE_SEED =
            "There is one seed: intervals speak of other %1$s, not of other trainings. Three seeds or"
                    + " more would add those.";

    private final Comparison file;
    private final List<ArmRuns> arms;

    private ComparisonPage(Comparison file, List<ArmRuns> arms) {
        this.file = file;
        this.arms = arms;
    }

    /** Reads a folder with a {@code compare.json}, and what of its runs is there. */
    public static Page of(Path folder, String id) throws IOException {
        return of(ComparisonFile.read(folder), folder, id);
    }

    /**
     * The page of a comparison.
     *
     * @param folder where its runs are, as far as they are there
     */
    public static Page of(Comparison comparison, Path folder, String id) throws IOException {
        List<ArmRuns.Named> arms =
                comparison.arms().stream()
                        .map(arm -> new ArmRuns.Named(arm.name(), arm.scalings(), arm.paths()))
                        .toList();
        boolean trained = comparison.model().isPresent();
        return new ComparisonPage(comparison, ArmRuns.find(folder, trained, arms)).page(id);
    }

    private Page page(String id) throws IOException {
        List<Section> sections = new ArrayList<>();
        ComparisonFigures figures = new ComparisonFigures(file, arms);
        sections.add(Section.brief("Result", figures.blocks()));
        sections.add(Section.brief("What was measured", List.of(new Prose(measured()))));
        if (file.seeds() > 1) {
            sections.add(
                    new Section("Each pair of trainings", List.of(new Listing(figures.pairs()))));
        }
        boolean whole = arms.stream().allMatch(ArmRuns::isWhole);
        if (whole) {
            List<Block> learning = new ArrayList<>(TrainingFigures.of(arms));
            learning.addAll(
                    TrajectoryFigures.largest(arms.stream().map(ComparisonPage::runs).toList()));
            sections.add(new Section("Learning", learning));
            sections.addAll(articles());
        }
        List<Block> scalings = ScalingsFigures.of(arms);
        if (!scalings.isEmpty()) {
            sections.add(new Section("What the scalings became", scalings));
        }
        if (!whole) {
            sections.add(new Section("What is not shown", List.of(missing())));
        }
        sections.add(protocol());
        Optional<Map<String, String>> shared =
                whole ? Optional.of(ArmRuns.shared(arms)) : file.settings();
        if (shared.isPresent()) {
            Facts facts = OriginSection.facts(shared.get());
            sections.add(new Section("Settings that all runs share", List.of(facts)));
        }
        sections.add(origin());
        List<String> lead =
                file.findings().stream().map(finding -> Written.capital(finding) + ".").toList();
        return new Page(id, kind(), title(), lead, sections);
    }

    private static TrajectoryFigures.Arm runs(ArmRuns arm) {
        return new TrajectoryFigures.Arm(
                arm.name(), arm.trainings().stream().map(TrainingFolder::folder).toList());
    }

    private String kind() {
        return file.measured() instanceof OnTask ? "Comparison on a template task" : "Comparison";
    }

    private String title() {
        if (file.measured() instanceof OnTask task) {
            return file.model().map(model -> model + " on " + task.tasks()).orElse(task.tasks());
        }
        List<String> names = file.compared().stream().map(Comparison.Arm::name).toList();
        String which = String.join(", ", names) + " against " + file.first().name();
        String path = ((OnText) file.measured()).data();
        String data = path.substring(path.lastIndexOf('/') + 1);
        return file.model().map(model -> model + " on " + data + ": " + which).orElse(which);
    }

    /** What a reader would look for in vain. */
    private Notice missing() {
        List<String> names = arms.stream().flatMap(arm -> arm.missing().stream()).toList();
        return new Notice(
                names.isEmpty()
                        ? "Two finished models were compared: learning curves and settings are in"
                                + " the folders that they were trained in."
                        : ("Learning curves, %ssingle articles and learned scalings are not shown, as"
                                        + " the run folders %s are not in this folder.")
                                .formatted(
                                        file.settings().isPresent() ? "" : "settings, ",
                                        String.join(", ", names)));
    }

    private List<Section> articles() throws IOException {
        boolean measured =
                arms.stream()
                        .flatMap(arm -> arm.trainings().stream())
                        .allMatch(run -> Files.exists(run.folder().resolve(CompareJob.TEST)));
        Effect effect = file.compared().get(0).effect().orElseThrow();
        if (!measured || !(effect instanceof PerplexityRatio ratio)) {
            return List.of();
        }
        List<Block> figures = List.copyOf(ArticleFigures.of(arms, ratio.unit()));
        return List.of(new Section("Article by article", figures));
    }

    private Section protocol() {
        boolean text = file.measured() instanceof OnText;
        String what = text ? "A perplexity is exp(sum of nats / targets scored)." : right();
        String seeds =
                (file.seeds() > 1 ? SEVERAL_SEEDS : ONE_SEED).formatted(text ? "texts" : "strings");
        Facts facts = text ? textFacts((OnText) file.measured()) : taskFacts();
        return new Section(
                "How it was measured", List.of(new Prose(what), new Prose(seeds), facts));
    }

    /** What the numbers are, in two sentences. */
    private String measured() {
        String noise =
                file.seeds() > 1
                        ? " Intervals cover the noise of seeds and of what was measured on."
                        : file.model().isPresent()
                                ? " With one seed, intervals cover the noise of what was measured"
                                        + " on alone; three or more seeds add that of trainings."
                                : "";
        if (file.measured() instanceof OnTask task) {
            return "Accuracy on %s strings of %s%s. Unseen: symbols that no training saw; seen: fresh strings of the training alphabet. %s%s"
                    .formatted(
                            Written.count(task.samples()),
                            task.task(),
                            task.trainedTask().map(trained -> ", trained on " + trained).orElse(""),
                            right(),
                            noise);
        }
        OnText text = (OnText) file.measured();
        return "Perplexity by %s, blocks of %d%s, on %s: %s tokens scored.%s"
                .formatted(
                        text.protocol(),
                        text.blockSize(),
                        text.stride().isPresent() ? ", stride " + text.stride().getAsInt() : "",
                        text.data(),
                        targets(),
                        noise);
    }

    private String targets() {
        return Written.count(((Perplexities) file.first().scores()).targets());
    }

    private String right() {
        return ((OnTask) file.measured()).symbolic()
                ? "An answer is right if no other token of the whole vocabulary has as large a logit."
                : "An answer is right if no other label of the task is as near to the output.";
    }

    private Facts textFacts(OnText text) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("protocol", text.protocol()));
        facts.add(new Fact("block size", Written.count(text.blockSize())));
        text.stride().ifPresent(stride -> facts.add(new Fact("stride", Written.count(stride))));
        facts.add(new Fact("text", text.data()));
        facts.add(new Fact("targets scored", targets()));
        facts.add(new Fact("sample", file.compared().get(0).effect().orElseThrow().sample()));
        facts.add(new Fact("seeds", Integer.toString(file.seeds())));
        facts.addAll(steps());
        return new Facts(facts);
    }

    private Facts taskFacts() {
        OnTask task = (OnTask) file.measured();
        List<Fact> facts = new ArrayList<>();
        task.trainedTask().ifPresent(trained -> facts.add(new Fact("trained on", trained)));
        facts.add(new Fact("tested on", task.task()));
        facts.add(new Fact("strings", Written.count(task.samples())));
        facts.add(new Fact("labels", task.labels()));
        facts.add(new Fact("symbols", task.symbols()));
        facts.add(new Fact("train alphabet", Written.count(task.trainAlphabet())));
        facts.add(new Fact("valid alphabet", Written.count(task.validAlphabet())));
        facts.add(new Fact("test alphabet", Written.count(task.testAlphabet())));
        facts.add(new Fact("data seed", Long.toString(task.dataSeed())));
        facts.add(new Fact("seeds", Integer.toString(file.seeds())));
        facts.addAll(steps());
        return new Facts(facts);
    }

    private List<Fact> steps() {
        List<Fact> facts = new ArrayList<>();
        for (Comparison.Arm arm : file.arms()) {
            if (!arm.steps().isEmpty()) {
                List<String> steps = arm.steps().stream().map(Written::count).toList();
                facts.add(new Fact("steps measured, " + arm.name(), String.join(", ", steps)));
            }
        }
        return facts;
    }

    private Section origin() {
        List<Fact> facts = new ArrayList<>();
        started().ifPresent(facts::add);
        if (file.measured() instanceof OnText text) {
            facts.add(new Fact("text, SHA-256", text.dataSha256()));
            facts.add(new Fact("tokenizer, SHA-256", text.tokenizerSha256()));
        } else {
            OnTask task = (OnTask) file.measured();
            facts.add(new Fact("task, SHA-256", task.taskSha256()));
            task.trainedTaskSha256()
                    .ifPresent(sha256 -> facts.add(new Fact("trained task, SHA-256", sha256)));
            facts.add(new Fact("strings, SHA-256", task.samplesSha256()));
        }
        for (Comparison.Arm arm : file.arms()) {
            facts.add(new Fact("folders of " + arm.name(), String.join(", ", arm.folders())));
        }
        return OriginSection.versions(file.versions(), facts);
    }

    /** When the first run began, if any is there. */
    private Optional<Fact> started() {
        return arms.stream()
                .flatMap(arm -> arm.trainings().stream())
                .map(TrainingFolder::started)
                .sorted()
                .findFirst()
                .map(time -> new Fact("begun", time));
    }
}
