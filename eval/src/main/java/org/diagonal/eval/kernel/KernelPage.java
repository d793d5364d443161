package org.diagonal.eval.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.diagonal.eval.kernel.TaskKernel.Contrast;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TaskKernel.TemplateLine;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Phi;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.files.JsonFile;

/** The page of a {@code kernel.json}. */
public final class KernelPage {

    /** Templates that are listed. */
    private static final int LISTED = 32;

    private final TaskKernel result;
    private final KernelFigures figures;

    private KernelPage(TaskKernel result) {
        this.result = result;
        this.figures = new KernelFigures(result);
    }

    /**
     * Reads a folder with a {@code kernel.json} of any kind.
     *
     * @throws java.nio.file.FileSystemException in one line, if it is damaged
     */
    public static Page of(Path folder, String id) throws IOException {
        return switch (JsonFile.read(folder.resolve(TaskKernel.FILE)).path("kind").asText()) {
            case CopyKernel.KIND -> CopyPage.of(CopyKernel.FORM.read(folder), id);
            case RankedTasks.KIND -> RankingPage.of(RankedTasks.FORM.read(folder), id);
            default -> of(TaskKernel.FORM.read(folder), id);
        };
    }

    /** The page of a task's kernel. */
    public static Page of(TaskKernel result, String id) {
        return new KernelPage(result).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        List<Block> found =
                new ArrayList<>(
                        List.of(
                                figures.losses(),
                                new Listing(kernels()),
                                new Listing(LossTable.of(result))));
        Notes.extension(result).ifPresent(note -> found.add(new Notice(note)));
        sections.add(Section.brief("Prediction", found));
        if (result.sweep().size() > 1) {
            sections.add(new Section("What a changes", figures.sweep()));
        }
        sections.add(
                new Section(
                        "The template matrix",
                        List.of(
                                figures.matrices(),
                                new Prose(
                                        "N holds the kernel of strings that share no symbol; the contrast between its entries is what a regression can learn of templates. In K̂ the blocks are N; lines off the blocks are pairs that share symbols, and the diagonal is each string with itself."))));
        if (!result.finiteWidth().isEmpty()) {
            sections.add(Section.brief("Networks of a finite width", List.of(figures.widths())));
        }
        sections.add(
                new Section(
                        "What is the paper's and what is not",
                        Notes.SCOPE.stream().map(Prose::new).toList()));
        sections.add(Section.brief("How it was computed", List.of(settings(), errors())));
        sections.add(new Section("Templates", List.of(templates())));
        sections.add(
                OriginSection.versions(
                        result.versions(),
                        List.of(new Fact("task, SHA-256", result.task().sha256()))));
        return new Page(id, "Kernel", "The kernel of " + result.task().name(), lead(), sections);
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        if (result.sweep().size() > 2) {
            sentences.add(several());
        } else {
            result.sweep().forEach(one -> sentences.add(sentence(one)));
        }
        if (result.sweep().stream().anyMatch(one -> one.lambdaMin().isEmpty())) {
            sentences.add(
                    "Not resolved: the smallest eigenvalue of N is within three standard errors of 0; more points may resolve it.");
        }
        String own = Notes.name(result.kernel(), result.kernel().a());
        result.singular()
                .map(
                        pair ->
                                "%s: the kernel cannot tell %s from %s."
                                        .formatted(own, pair.get(0), pair.get(1)))
                .ifPresent(sentences::add);
        if (result.mlp().neededState() == Finding.State.INFINITE) {
            sentences.add(
                    "An MLP’s kernel never learns it (N has rank %d)."
                            .formatted(rank(result.mlp())));
        }
        return sentences;
    }

    private String several() {
        List<String> each = new ArrayList<>();
        for (Summary one : result.sweep()) {
            String samples = Say.samples(one.needed(), OptionalDouble.empty(), one.neededState());
            each.add("%s (a = %s)".formatted(samples, Written.setting(one.a())));
        }
        return "Samples for a loss of 0.1 on unseen symbols, %s, by the closed form: %s."
                .formatted(
                        result.kernel().depth() == 1 ? "one layer" : "two layers",
                        String.join(", ", each));
    }

    private static int rank(Contrast contrast) {
        List<Double> values = contrast.eigenvalues();
        double most = values.get(values.size() - 1);
        return (int) values.stream().filter(value -> value > 1e-12 * most).count();
    }

    private String sentence(Summary one) {
        String matrix =
                one.condition().isPresent()
                        ? "N is nonsingular (λ_min = %s), so ridge regression with this kernel learns the task on unseen symbols (Lemma 4.5)"
                                .formatted(Say.eigenvalue(one.lambdaMin(), one.lambdaMinError()))
                        : one.lambdaMin().isPresent()
                                ? "N is singular"
                                : "whether N is singular is not resolved";
        String samples =
                one.needed().isPresent()
                        ? "a loss of 0.1 takes %s samples by the closed form"
                                .formatted(
                                        Say.samples(
                                                one.needed(), one.neededError(), one.neededState()))
                        : one.neededState() == Finding.State.INFINITE
                                ? "no number of samples is enough"
                                : "how many samples it takes is not resolved";
        return "%s: %s; %s.".formatted(Notes.name(result.kernel(), one.a()), matrix, samples);
    }

    private Prose errors() {
        return new Prose(
                "± are standard errors over the shifts"
                        + (result.trials() == 0
                                ? "."
                                : ", of losses over %s of samples."
                                        .formatted(Written.count(result.trials(), "draw"))));
    }

    private Table kernels() {
        Table.Builder table =
                Table.of("Kernels", "Kernel", "λ_min", "λ_max", "Condition", "d", "n for loss 0.1");
        for (Summary one : result.sweep()) {
            table.row(
                    Cell.of(Notes.name(result.kernel(), one.a())),
                    Say.cell(
                            Say.eigenvalue(one.lambdaMin(), one.lambdaMinError()), one.lambdaMin()),
                    Say.cell(one.lambdaMax()),
                    one.condition().isPresent()
                            ? Say.cell(Say.brief(one.condition().getAsDouble()), one.condition())
                            : Cell.of(one.lambdaMin().isPresent() ? "∞" : Say.NOT_RESOLVED),
                    Cell.of(Say.brief(Say.mean(one.d())), Say.mean(one.d())),
                    Say.cell(
                            Say.samples(one.needed(), one.neededError(), one.neededState()),
                            one.needed()));
        }
        contrast(table, "MLP", result.mlp());
        contrast(table, "MLP + XXᵀ", result.mlpXxt());
        return table.build();
    }

    private static void contrast(Table.Builder table, String name, Contrast contrast) {
        List<Double> values = contrast.eigenvalues();
        double least = contrast.singular() ? 0 : values.get(0);
        double most = values.get(values.size() - 1);
        table.row(
                Cell.of(name),
                Say.cell(least),
                Say.cell(most),
                contrast.singular() ? Cell.of("∞") : Cell.of(Say.brief(most / least), most / least),
                Cell.of(""),
                Say.cell(
                        Say.samples(
                                contrast.needed(), OptionalDouble.empty(), contrast.neededState()),
                        contrast.needed()));
    }

    private Facts settings() {
        Setting kernel = result.kernel();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("depth", Integer.toString(kernel.depth())));
        facts.add(new Fact("β", Written.setting(kernel.beta())));
        facts.add(new Fact("γ", Written.setting(kernel.gamma())));
        facts.add(new Fact("a-term’s diagonal", kernel.maskDiagonal() ? "masked" : "not masked"));
        facts.add(
                new Fact(
                        "activation",
                        kernel.phi() == Phi.COS
                                ? "cos(b₁ t + b₂), b₁ = %s, b₂ = %.4f"
                                        .formatted(Written.setting(kernel.b1()), kernel.b2())
                                : Say.name(kernel.phi())));
        facts.add(new Fact("ridge λ", Written.setting(result.lambda())));
        facts.add(
                new Fact(
                        "alphabet",
                        result.alphabet().isPresent()
                                ? Written.count(result.alphabet().getAsInt()) + " symbols"
                                : "as many symbols as samples"));
        facts.add(new Fact("draws of samples", Integer.toString(result.trials())));
        facts.add(
                new Fact(
                        "points",
                        "%d shifts of %s"
                                .formatted(result.shifts(), Written.count(result.points()))));
        facts.add(new Fact("seed", Long.toString(result.seed())));
        result.signal().ifPresent(signal -> facts.add(new Fact("yᵀN⁻¹y", Say.brief(signal))));
        return new Facts(facts);
    }

    private Listing templates() {
        List<TemplateLine> all = result.templates();
        String more =
                all.size() > LISTED ? ", the first %d of %d".formatted(LISTED, all.size()) : "";
        return new Listing(
                new Columns<Integer>()
                        .add("Template", t -> Cell.of(all.get(t).template()))
                        .add("Label", t -> Say.cell(all.get(t).label()))
                        .add("Probability", t -> Say.cell(all.get(t).probability()))
                        .add("K_attn(x, x)", t -> Say.cell(result.selfAttention().get(t)))
                        .table(
                                "Templates" + more,
                                IntStream.range(0, Math.min(LISTED, all.size())).boxed().toList()));
    }
}
