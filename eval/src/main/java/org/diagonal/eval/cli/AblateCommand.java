package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation;
import org.diagonal.eval.ablate.AblationJob;
import org.diagonal.eval.ablate.AblationPage;
import org.diagonal.eval.ablate.KeptSubject;
import org.diagonal.eval.ablate.TaskSubject;
import org.diagonal.eval.ablate.TextSubject;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.DataOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.cli.option.PrecisionOption;
import org.diagonal.eval.cli.option.ProtocolOptions;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.trial.KeptNetwork;
import org.diagonal.wikitext.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal ablate}: one model, measured without some of its scalings. */
@Command(
        name = "ablate",
        header = "Find out which scalings of a model do the work",
        description =
                "Measures a model with its scalings multiplied by 0, 0.25 … 1.5: every a, every b,"
                        + " and both; then without each single one, and with each single one alone."
                        + " Compares each with the model as trained, paired by article or string."
                        + " Measures two times for each head and circuit: --limit shortens that. It cannot be resumed.",
        customSynopsis = "diagonal ablate --model M --data D [--out DIR] [options]",
        footer = {
            "diagonal ablate --model runs/both --data europarl:test --out runs/both-ablated",
            "diagonal ablate --model runs/order/both-seed42 --data task:order.yaml",
            "diagonal ablate --model runs/wikitext --data wikitext-2-raw:test --limit 500"
        })
@Heading("Measurement")
public final class AblateCommand extends Action {

    @Mixin ModelOptions model;
    @Mixin DataOptions.OfModel data;
    @Mixin RowOptions rows;
    @Mixin ProtocolOptions measuring;
    @Mixin JsonOption json;
    @Mixin ProtocolOptions.Windows windows;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "for ablate.json, ablate.csv and report.html")
    Optional<Path> out;

    @Mixin PrecisionOption products;
    @Mixin TaskOptions tasks;
    @Mixin TaskOptions.Test strings;

    @Override
    protected int run() throws IOException {
        measuring.check(global, windows.blockSize);
        json.check(global, ResultFile.Kind.ABLATION);
        if (KeptEvaluation.isFor(model.model)) {
            return kept();
        }
        if (!data.isGiven()) {
            throw global.wrong("missing --data D");
        }
        tasks.check(global, data.data());
        Workplace place = new Requests(global).workplace(products.precision);
        ModelSource source = ModelSource.resolve(place.hub(), model.model, model.adapter);
        Ablation ablation =
                TaskOptions.isTask(data.data()) ? onTask(place, source) : onText(place, source);
        return write(ablation);
    }

    /** The network of a trial, on its trial's own task. */
    private int kept() throws IOException {
        Path folder = Path.of(model.model);
        KeptEvaluation.refuseOthers(global, model.model);
        if (data.isGiven()) {
            throw global.wrong(
                    "--data: %s is measured on its trial's own task; leave it out"
                            .formatted(model.model));
        }
        KeptNetwork network = KeptNetwork.read(folder);
        KeptSubject subject =
                new KeptSubject(
                        network,
                        model.model,
                        strings.samples(global, network.trial().samples().test()),
                        tasks.seed(global, network.trial().seed()));
        Workplace place =
                new Requests(global).workplace(subject.kept().trial().training().precision());
        return write(new AblationJob<>(subject).run(place, out));
    }

    private int write(Ablation ablation) throws IOException {
        ReportCommand.show(
                json, Ablation.FORM.text(ablation), AblationPage.of(ablation, "ablation"), out);
        return 0;
    }

    private Ablation onTask(Workplace place, ModelSource source) throws IOException {
        TaskSubject subject =
                new TaskSubject(
                        source,
                        tasks.measuring(
                                data.data(), Optional.empty(), strings, products.precision));
        return new AblationJob<>(subject).run(place, out);
    }

    private Ablation onText(Workplace place, ModelSource source) throws IOException {
        Corpus text = windows.open(place, data.data(), rows);
        TextSubject subject =
                new TextSubject(source, measuring.job(windows.blockSize, products.precision), text);
        return new AblationJob<>(subject).run(place, out);
    }
}
