package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.DataOptions;
import org.diagonal.eval.cli.option.IdentityOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.MimeticOptions;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.RunOptions;
import org.diagonal.eval.cli.option.SplitOptions;
import org.diagonal.eval.cli.option.TrainingOptions;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal pretrain}: a new model from random weights. */
@Command(
        name = "pretrain",
        header = "Train a new GPT-2 of any size",
        description = "Trains a new GPT-2 of any size from random weights.",
        customSynopsis = "diagonal pretrain --data D --out DIR [options]",
        footer = {
            "diagonal pretrain --data europarl --out runs/nano --layers 4 --heads 4 \\",
            "    --width 64 --positions 256 --epochs 20 --dtype f16"
        })
@Heading("Architecture")
public final class PretrainCommand extends Action {

    private static final int GPT2_VOCABULARY = 50_257;

    @Mixin DataOptions.OfText data;
    @Mixin RowOptions rows;
    @Mixin SplitOptions splits;

    @Heading("Model and data")
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "the run folder; resumes an interrupted run")
    Path out;

    @Option(names = "--layers", description = "blocks of attention and MLP")
    int layers = 4;

    @Option(names = "--heads", description = "attention heads in a layer; divides --width")
    int heads = 4;

    @Option(names = "--width", description = "of the residual stream")
    int width = 64;

    @Option(names = "--positions", description = "longest context")
    int positions = 256;

    @Option(
            names = "--tokenizer",
            paramLabel = "FOLDER",
            description = "a folder with tokenizer.json [GPT-2's own]")
    Optional<Path> tokenizer;

    @Option(
            names = "--init",
            description = "random weights as they are, or with more identity; see --beta")
    Init init = Init.RANDOM;

    @Mixin MimeticOptions mimetic;
    @Mixin IdentityOptions.OfArm circuits;
    @Mixin IdentityOptions identity;
    @Mixin TrainingOptions training = TrainingOptions.forPretraining();
    @Mixin RunOptions keeping;
    @Mixin JsonOption json;

    /** What the first weights are. */
    enum Init {
        RANDOM,
        MIMETIC
    }

    @Override
    protected int run() throws IOException {
        training.check(global);
        splits.check(global);
        json.check(global, ResultFile.Kind.TRAINING);
        mimetic.check(global, init == Init.MIMETIC);
        String text = data.data(global, "fine-tune --init random");
        if (width % heads != 0) {
            throw global.wrong(
                    "--width must be a multiple of --heads: width=%d, heads=%d"
                            .formatted(width, heads));
        }
        Requests requests = new Requests(global);
        Workplace place = requests.workplace(training.products.precision);
        TrainingJob job =
                Requests.training(
                        Start.fresh(
                                Gpt2Config.fresh(vocabulary(), positions, width, layers, heads),
                                tokenizer,
                                mimetic.get()),
                        Requests.text(place, text, rows, splits, training),
                        Requests.scalings(circuits.scalings, identity),
                        training,
                        keeping,
                        Trained.ALL);
        return requests.train(place, job, out, keeping, json);
    }

    private int vocabulary() throws IOException {
        if (tokenizer.isEmpty()) {
            return GPT2_VOCABULARY;
        }
        try (ModelTokenizer own = ModelTokenizer.open(tokenizer.get())) {
            return own.vocabularySize();
        }
    }
}
