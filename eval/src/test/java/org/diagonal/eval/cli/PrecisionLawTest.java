package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in bfloat16 ends where one in float32 ends. */
@Tag("slow")
final class PrecisionLawTest {

    private static final double PERCENT = 0.3;

    private double perplexity(String words, String precision, Path work) throws IOException {
        Path out = work.resolve(precision);
        String line =
                ("fine-tune --quiet --data europarl --max-steps 300 --eval-every 300 --keep 1"
                                + " --max-eval-samples 60 --precision %s --out %s %s")
                        .formatted(precision, out, words);
        Toy.Result result = Tiny.run((Object[]) line.split(" "));
        assertThat(result.code()).as(result.err()).isZero();
        return new ObjectMapper()
                .readTree(Files.readString(out.resolve("result.json")))
                .path("best_valid_perplexity")
                .doubleValue();
    }

    private void assertSame(String words, Path work) throws IOException {
        double expected = perplexity(words, "f32", work);
        assertThat(perplexity(words, "bf16", work)).isCloseTo(expected, withinPercentage(PERCENT));
    }

    @Test
    void threeHundredStepsOfNanoEndAlike(@TempDir Path work) throws IOException {
        assertSame(
                "--model nano --scalings both --lr 1e-3 --scalings-lr 1e-2 --block-size 64"
                        + " --batch-size 4",
                work);
    }

    private JsonNode comparison(String precision, Path work) throws IOException {
        Path out = work.resolve(precision);
        String line =
                ("compare --quiet --seeds 3 --max-steps 12 --keep 1 --block-size 64"
                                + " --max-eval-samples 60"
                                + " --batch-size 8 --precision %s --out %s")
                        .formatted(precision, out);
        Toy.Result result = Tiny.run((Object[]) line.split(" "));
        assertThat(result.code()).as(result.err()).isZero();
        return new ObjectMapper().readTree(Files.readString(out.resolve("compare.json")));
    }

    @Test
    void theRatioOfArmsMovesByLessThanItsInterval(@TempDir Path work) throws IOException {
        JsonNode whole = comparison("f32", work);
        JsonNode half = comparison("bf16", work);
        JsonNode interval = whole.path("ratio_ci95");
        double ratio = whole.path("ratio").doubleValue();
        double moved = Math.abs(half.path("ratio").doubleValue() - ratio);
        assertThat(moved)
                .isPositive() // another arithmetic
                .isLessThan(ratio - interval.get(0).doubleValue())
                .isLessThan(interval.get(1).doubleValue() - ratio);
    }

    @Test
    void threeHundredStepsOfShakespeareEndAlike(@TempDir Path work) throws IOException {
        Path folder =
                Path.of(
                        System.getProperty("diagonal.shared"),
                        "checkpoints",
                        "shakespeare-byte-gpt2");
        assumeTrue(Files.isDirectory(folder), () -> "no data beside this checkout: " + folder);
        assertSame(
                "--model "
                        + folder
                        + " --scalings both --lr 1e-3 --scalings-lr 1e-2 --dropout 0 --batch-size 8",
                work);
    }
}
