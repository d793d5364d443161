package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small inputs that once ended the machine, took minutes, or were called an internal error. */
final class SharedFaultsTest {

    private static Toy.Result generate(Path model, Object... more) {
        return Tiny.run(
                Stream.concat(
                                Stream.of("generate", "--quiet", "--model", model, "--prompt"),
                                Arrays.stream(more))
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer-608 | model.unk_token",
                "tokenizer-830 | normalizer: type Precompiled is not supported",
                "tokenizer-846 | normalizer.pattern",
                "tokenizer-880 | pre_tokenizer: type FixedLength is not supported",
                "n_layer | too few for the 2147483647 layers (n_layer)",
                "onnx-645 | is too large",
                "onnx-848 | has a dimension of",
            })
    void eachIsNamedInALine(String name, String words) throws IOException {
        Path folder = Path.of(System.getProperty("diagonal.shared"), "faults", name);
        assumeTrue(Files.isDirectory(folder), "no shared/faults beside the checkout");
        boolean tokenizer = name.startsWith("tokenizer");
        Toy.Result result = tokenizer ? generate(folder, "low") : generate(folder, "1 2", "--ids");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).hasSize(1);
        assertThat(result.err()).contains(words).doesNotContain("internal error");
    }
}
