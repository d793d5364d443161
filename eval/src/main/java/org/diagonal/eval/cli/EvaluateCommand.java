package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal evaluate}: the perplexity of one model on one text. */
@Command(
        name = "evaluate",
        header = "Measure the perplexity of a model on a text",
        description = "Measures the perplexity of a model on a text.",
        customSynopsis = "diagonal evaluate --model M --data D [options]",
        footer = {
            "diagonal evaluate --model nano --data europarl:test",
            "diagonal evaluate --model gpt2 --data wikitext-2-raw:test --stride 512",
            "diagonal evaluate --model runs/both --data wikitext-2-raw:test \\",
            "    --protocol lm-eval --json both.json"
        })
@Heading("Measurement")
public final class EvaluateCommand implements Callable<Integer> {

    @Mixin ModelOptions model;
    @Mixin DataOptions data;
    @Mixin ProtocolOptions measuring;

    @Option(
            names = "--block-size",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "tokens in a window [the context, at most 1024]")
    Optional<Integer> blockSize;

    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        measuring.check(global.spec, blockSize);
        return run();
    }

    private int run() throws IOException {
        throw new UnsupportedOperationException("evaluate is not built yet");
    }
}
