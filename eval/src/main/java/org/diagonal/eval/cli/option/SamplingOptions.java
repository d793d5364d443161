package org.diagonal.eval.cli.option;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.plugin.generate.Sampling;
import picocli.CommandLine.Option;

/** How each token is chosen. */
@Heading("Sampling (without the first three: always the most likely token)")
public final class SamplingOptions {

    @Option(
            names = "--temperature",
            converter = Numbers.NotNegative.class,
            description = "divisor of the logits; 0 = the most likely token [1]")
    Optional<Double> temperature;

    @Option(names = "--top-k", description = "draw from the N most likely tokens [all]")
    Optional<Integer> topK;

    @Option(
            names = "--top-p",
            converter = Numbers.Share.class,
            description = "draw from the fewest of them that have probability X [1]")
    Optional<Double> topP;

    @Option(names = "--seed", description = "of the draws")
    long seed = 42;

    public Sampling sampling() {
        return Sampling.of(number(temperature), whole(topK), number(topP), seed);
    }

    private static OptionalDouble number(Optional<Double> value) {
        return value.stream().mapToDouble(Double::doubleValue).findFirst();
    }

    private static OptionalInt whole(Optional<Integer> value) {
        return value.stream().mapToInt(Integer::intValue).findFirst();
    }
}
