package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.console.Versions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.inspect.InspectJob;
import org.diagonal.eval.inspect.Inspection;
import org.diagonal.eval.inspect.InspectionPage;
import org.diagonal.eval.inspect.MatrixPng;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal inspect}: how pronounced the diagonals of a model's heads are. */
@Command(
        name = "inspect",
        header = "Find the diagonals in the heads of a model",
        description =
                "Measures, for every head, how much of W_Q W_Kᵀ and W_V W_O lies on the diagonal,"
                        + " as if a and b had been learned, beside those that were, and how likely"
                        + " chance is to make such a diagonal: p for each head, and the heads beyond"
                        + " chance at an error rate of 1 % over all heads of a circuit together."
                        + " Reads the attention's weights only: a folder needs no others.",
        customSynopsis = "diagonal inspect --model M [--against M2] [--out DIR] [options]",
        footer = {
            "diagonal inspect --model gpt2 --out runs/gpt2-heads",
            "diagonal inspect --model runs/both --against nano --out runs/both-heads",
            "diagonal inspect --model gpt2 --head 5.1 --matrix --out runs/gpt2-heads"
        })
@Heading("Inspection")
public final class InspectCommand extends Action {

    @Mixin ModelOptions model;

    @Option(
            names = "--against",
            paramLabel = "M2",
            description = "the model before, such as its base: shows what changed")
    Optional<String> against;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "for heads.csv, inspect.json and pictures")
    Optional<Path> out;

    @Option(names = "--top", description = "heads to show, the strongest first")
    int top = 12;

    @Option(
            names = "--head",
            paramLabel = "L.H",
            description = "show this head only: layer and head from 0 on")
    Optional<Head> head;

    @Option(
            names = "--matrix",
            description = "draw both matrices of --head as PNG files into --out")
    boolean matrix;

    @Option(
            names = "--seed",
            description = "of the random heads shown beside the model's; p does not depend on it")
    long seed;

    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        json.check(global, ResultFile.Kind.INSPECTION);
        if (matrix && (head.isEmpty() || out.isEmpty())) {
            throw global.wrong("--matrix needs --head L.H and --out DIR");
        }
        Requests requests = new Requests(global);
        Hub hub = requests.hub(Settings.fromEnvironment());
        ModelSource source = ModelSource.resolve(hub, model.model, model.adapter);
        Optional<ModelSource> before = Optional.empty();
        if (against.isPresent()) {
            before = Optional.of(ModelSource.resolve(hub, against.get(), Optional.empty()));
        }
        boolean parallel = global.threads.orElse(Integer.MAX_VALUE) > 1;
        InspectJob job = new InspectJob(source, before, seed, parallel);
        if (head.isPresent()) {
            job.requireHead(head.get().layer(), head.get().head());
        }
        Inspection inspection = job.run(Versions.withoutEngine(), requests.reporter(), out);
        PrintWriter text =
                json.write(
                        Inspection.FORM.text(inspection),
                        InspectionPage.of(inspection, "heads", listed(inspection)));
        if (matrix) {
            draw(job, head.get(), out.get(), text);
        }
        if (out.isPresent()) {
            text.println("Results in " + out.get());
            ReportCommand.leave(out.get(), text);
        }
        return 0;
    }

    private List<Inspection.Head> listed(Inspection inspection) {
        List<Inspection.Head> all = inspection.byStrength();
        return head.isEmpty()
                ? all.subList(0, Math.min(top, all.size()))
                : all.stream().filter(one -> isOf(one, head.get())).toList();
    }

    private static boolean isOf(Inspection.Head circuit, Head head) {
        return circuit.layer() == head.layer() && circuit.head() == head.head();
    }

    private void draw(InspectJob job, Head wanted, Path folder, PrintWriter text)
            throws IOException {
        for (Circuit circuit : Circuit.values()) {
            Path file =
                    folder.resolve(
                            "head-%d.%d-%s.png"
                                    .formatted(
                                            wanted.layer(),
                                            wanted.head(),
                                            circuit.name().toLowerCase(Locale.ROOT)));
            double limit =
                    MatrixPng.write(job.matrix(wanted.layer(), wanted.head(), circuit), file);
            text.printf(
                    Locale.ROOT,
                    "%s in %s: blue is −%.3g, white 0, orange %.3g%n",
                    circuit,
                    file,
                    limit,
                    limit);
        }
    }
}
