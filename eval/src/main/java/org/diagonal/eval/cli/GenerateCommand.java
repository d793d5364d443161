package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.console.UnprintedException;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.cli.option.Prompt;
import org.diagonal.eval.cli.option.SamplingOptions;
import org.diagonal.eval.export.GenerationJob;
import org.diagonal.eval.export.GenerationResult;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.generate.Generated.End;
import org.diagonal.plugin.onnx.graph.Dtype;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal generate}: a model goes on with a text. */
@Command(
        name = "generate",
        header = "Generate text from a prompt",
        description =
                "Generates text from a prompt, token by token. Stdout holds the prompt and its"
                        + " continuation, and a line break. It ends with the model's end-of-text"
                        + " token, which is not printed, after --max-new-tokens, or when the"
                        + " context is full.",
        customSynopsis = "diagonal generate --model M [--prompt TEXT] [options]",
        footer = {
            "diagonal generate --model nano --prompt \"parliament: a\"",
            "diagonal generate --model gpt2 --prompt \"Once upon a time\" --top-p 0.9",
            "diagonal generate --model exported --prompt \"The sitting\" --max-new-tokens 9",
            "echo \"Mr President,\" | diagonal generate --model runs/both --temperature 0.8",
        })
@Heading("Generation")
public final class GenerateCommand extends Action {

    @Mixin ModelOptions model;
    @Mixin Prompt prompt;

    @Option(names = "--max-new-tokens", description = "the most tokens to add")
    int maxNewTokens = 50;

    @Option(
            names = "--runtime",
            description = "what computes [onnx for an exported folder, else djl]")
    Optional<Backend> runtime;

    @Option(
            names = "--dtype",
            description = "which file of an exported folder [the first there in this order]")
    Optional<Dtype> dtype;

    @Mixin SamplingOptions sampling;
    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        json.check(global, ResultFile.Kind.GENERATED);
        if (runtime.filter(Backend.DJL::equals).isPresent()) {
            global.refuse("is for --runtime onnx, not for djl", List.of("--dtype"));
        }
        String text = prompt.text(global);
        return prompt.ids ? ids(Prompt.ids(global, text)) : text(text);
    }

    private int text(String text) throws IOException {
        Requests requests = new Requests(global);
        ModelSource source = source(requests.hub(Settings.fromEnvironment()));
        Output output = new Output(text, "");
        return end(output, job().text(requests::workplace, source, text, output::add));
    }

    private int ids(long... ids) throws IOException {
        Workplace place = new Requests(global).workplace();
        ModelSource source = source(place.hub());
        String words = Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(" "));
        Output output = new Output(words, " ");
        return end(output, job().ids(place, source, ids, id -> output.add(Long.toString(id))));
    }

    private ModelSource source(Hub hub) throws IOException {
        return ModelSource.resolve(hub, model.model, model.adapter).in(dtype);
    }

    private GenerationJob job() {
        return new GenerationJob(sampling.sampling(), maxNewTokens, runtime);
    }

    /** Stdout, where the prompt appears with the first token: not before anything can fail. */
    private final class Output {

        private final StringBuilder text = new StringBuilder();
        private final PrintWriter out = json.words();
        private final String prompt;
        private final String between;
        private boolean begun;

        Output(String prompt, String between) {
            this.prompt = prompt;
            this.between = between;
        }

        void add(String piece) {
            begin();
            text.append(text.isEmpty() ? "" : between).append(piece);
            out.print(piece);
            if (out.checkError()) { // flushes, too
                throw new UnprintedException();
            }
        }

        private void begin() {
            boolean isFirst = !begun && prompt.isEmpty();
            out.print((begun ? "" : prompt) + (isFirst ? "" : between));
            begun = true;
        }

        void end() {
            out.println(begun ? "" : prompt);
            out.flush();
        }
    }

    /** What was generated, for programs. */
    record Generated(String prompt, String text, int promptTokens, int newTokens, String end) {}

    private int end(Output output, GenerationResult result) throws IOException {
        output.end();
        json.write(
                "generated",
                List.of(
                        new Generated(
                                output.prompt,
                                output.text.toString(),
                                result.promptTokens(),
                                result.newTokens(),
                                result.end().name().toLowerCase(Locale.ROOT))));
        PrintWriter err = global.spec.commandLine().getErr();
        if (result.end() == End.CONTEXT_FULL && !global.quiet) {
            err.println(
                    "Stopped after %d new tokens: the model's context is full."
                            .formatted(result.newTokens()));
        }
        boolean isInteractive = Integer.getInteger("diagonal.columns", 0) > 0 && !global.quiet;
        if (isInteractive || global.verbose) {
            err.println(
                    String.format(
                            Locale.ROOT,
                            "%d tokens after a prompt of %d: %.2f s, then %.1f tokens/s",
                            result.newTokens(),
                            result.promptTokens(),
                            result.promptSeconds(),
                            result.tokensPerSecond()));
        }
        err.flush();
        return 0;
    }
}
