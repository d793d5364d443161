package org.diagonal.eval.ablate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Curve;
import org.diagonal.eval.ablate.Ablation.Dose;
import org.diagonal.eval.ablate.Ablation.OnTask;
import org.diagonal.eval.ablate.Ablation.OnText;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.ablate.Ablation.Single;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.identity.Circuit;

/** The report of an ablation. */
public final class AblationPage {

    private static final int LISTED = 8;
    private static final String INTERVAL = "95 % interval";

    private final Ablation file;
    private final ChangeWords words;

    private AblationPage(Ablation file) {
        this.file = file;
        this.words = new ChangeWords(file.isTask());
    }

    /** Reads a folder with an {@code ablate.json}. */
    public static Page of(Path folder, String id) throws IOException {
        return of(Ablation.FORM.read(folder), id);
    }

    /** The page of an ablation. */
    public static Page of(Ablation file, String id) {
        return new AblationPage(file).page(id);
    }

    private Page page(String id) {
        AblationFigures figures = new AblationFigures(file);
        List<Section> sections = new ArrayList<>();
        sections.add(Section.brief("Doses", List.of(new Listing(doses()))));
        sections.add(new Section("Dose curves", figures.doses()));
        sections.add(
                Section.brief(
                        "Single scalings",
                        List.of(
                                new Listing(alone()),
                                new Listing(without()),
                                new Prose(legend()))));
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            if (!file.of(circuit).isEmpty()) {
                maps.addAll(figures.maps(circuit));
            }
        }
        sections.add(new Section("Heads: which number does the work", maps));
        sections.add(OriginSection.versions(file.versions(), facts()));
        String title =
                "%s without some of its scalings, on %s"
                        .formatted(file.model().name(), file.data());
        return new Page(id, "Ablation", title, lead(), sections);
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        boolean tells = words.isSignificant(file.plainAgainstTrained());
        sentences.add(
                "%s is %s as trained and %s without any scalings: %s, %s."
                        .formatted(
                                Written.capital(words.measure()),
                                words.words(file.trained()),
                                words.words(file.plain()),
                                words.sentence(file.plainAgainstTrained()),
                                tells ? file.units() : "no significant difference"));
        Single best = file.byLossAlone().get(0);
        boolean helps = file.trained().loss() < file.plain().loss();
        boolean one = best.alone().loss() < file.plain().loss();
        if (tells && helps && one && !words.isSignificant(best.aloneAgainstPlain())) {
            sentences.add(
                    "No single scaling is enough: alone, even the one with the lowest loss, %s, changes nothing significantly (%s); the work is done by several together."
                            .formatted(
                                    ChangeWords.name(best),
                                    words.sentence(best.aloneAgainstPlain())));
        } else if (tells && helps && one) {
            sentences.add(
                    "Alone, %s does most: with it and no other scaling %s is %s, %s against none; with all others but not it, %s."
                            .formatted(
                                    ChangeWords.name(best),
                                    words.measure(),
                                    words.words(best.alone()),
                                    words.sentence(best.aloneAgainstPlain()),
                                    words.words(best.without())));
        } else if (tells && !helps) {
            sentences.add("The scalings do harm here: no single one can be said to do the work.");
        } else {
            sentences.add("So no single scaling can be said to do the work here.");
        }
        sentences.add(
                "This is one model: intervals are over %s, not over other trainings."
                        .formatted(file.units()));
        return sentences;
    }

    private Table doses() {
        Columns<Dose> columns =
                new Columns<Dose>()
                        .add("Times t", dose -> Cell.of(dose.curve().letters()))
                        .add("t", dose -> Cell.of(Written.setting(dose.t()), dose.t()))
                        .add(measured(), dose -> words.cell(dose.scores()))
                        .add(change(), dose -> words.cell(dose.againstTrained()))
                        .add(INTERVAL, this::interval);
        if (file.isTask()) {
            columns.add("Seen", dose -> seen(dose.scores().seenAccuracy().orElseThrow()));
        }
        return columns.add(loss(), dose -> Written.briefCell(dose.scores().loss()))
                .table(
                        "With the scalings multiplied",
                        Stream.of(Curve.values())
                                .flatMap(curve -> file.of(curve).stream())
                                .toList());
    }

    private Cell interval(Dose dose) {
        return dose.t() == 1 ? Cell.of("as trained") : words.interval(dose.againstTrained());
    }

    private static Cell seen(double share) {
        return Cell.of(Written.fixed(100 * share, 1) + " %", share);
    }

    private String measured() {
        return file.isTask() ? "Unseen" : "Perplexity";
    }

    private String change() {
        return "Change, " + words.unit();
    }

    private String loss() {
        return file.isTask() ? "Loss" : "Nats a token";
    }

    private Table alone() {
        return singles(
                "With one scaling alone, those first that do most",
                file.byLossAlone(),
                Single::alone,
                Single::aloneAgainstPlain);
    }

    private Table without() {
        return singles(
                "Without one scaling, those first that are missed most",
                file.byLossWithout(),
                Single::without,
                Single::withoutAgainstTrained);
    }

    private Table singles(
            String caption,
            List<Single> all,
            Function<Single, Scores> scores,
            Function<Single, Change> change) {
        return new Columns<Single>()
                .add("Scaling", one -> Cell.of(one.name()))
                .add("Learned", one -> Written.cell(one.learned(), 4))
                .add(measured(), one -> words.cell(scores.apply(one)))
                .add(change(), one -> words.cell(change.apply(one)))
                .add(INTERVAL, one -> words.interval(change.apply(one)))
                .add(loss(), one -> Written.briefCell(scores.apply(one).loss()))
                .table(caption, all.subList(0, Math.min(LISTED, all.size())));
    }

    private String legend() {
        int all = file.heads().size();
        return "Alone: all other scalings of both circuits are zero, and the change is against all zero. Without: all others are as trained, and the change is against the model as trained. Scalings are LETTER of LAYER.HEAD, %s in all. Each interval is of one comparison; the strongest of %s looks stronger than it is."
                .formatted(Written.count(all), Written.count(all));
    }

    private List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", file.model().name()));
        facts.add(new Fact("weights, SHA-256", file.model().sha256()));
        file.model().adapterSha256().ifPresent(hash -> facts.add(new Fact("adapter", hash)));
        file.text().ifPresent(on -> text(on, facts));
        file.task().ifPresent(on -> task(on, facts));
        return facts;
    }

    private static void text(OnText on, List<Fact> facts) {
        facts.add(new Fact("text", on.data()));
        facts.add(new Fact("text, SHA-256", on.dataSha256()));
        String stride = on.stride().isPresent() ? ", stride " + on.stride().getAsInt() : "";
        facts.add(
                new Fact(
                        "protocol",
                        "%s, blocks of %d%s".formatted(on.protocol(), on.blockSize(), stride)));
        facts.add(new Fact("tokens scored", Written.count(on.targets())));
        facts.add(new Fact("precision", on.precision()));
    }

    private static void task(OnTask on, List<Fact> facts) {
        facts.add(new Fact("task", on.task()));
        facts.add(new Fact("task, SHA-256", on.taskSha256()));
        facts.add(
                new Fact(
                        "strings",
                        "%s of seen and of unseen symbols each, seed %d"
                                .formatted(Written.count(on.samples()), on.dataSeed())));
        facts.add(new Fact("strings, SHA-256", on.samplesSha256()));
        facts.add(
                new Fact(
                        "symbols",
                        "%s, alphabets %s"
                                .formatted(on.symbols().toLowerCase(Locale.ROOT), on.alphabets())));
        facts.add(new Fact("precision", on.precision()));
    }
}
