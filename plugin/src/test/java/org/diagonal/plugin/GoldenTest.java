package org.diagonal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-plain", "gpt2-ab-masked-diagonal", "template-transformer-ab"})
    void whatAClonesProofRestsOnIsWhatWasRecorded(String name) throws Exception {
        Path recorded = Shared.folder("golden/" + name);
        Path bundled = Golden.folder(name);
        assertThat(bundled).isNotEqualTo(recorded);
        try (Stream<Path> files = Files.list(recorded)) {
            for (Path file : files.toList()) {
                assertThat(bundled.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void aCloneHasAPlainModelAScaledOneAndATransformer() {
        for (String name : List.of("gpt2-plain", "gpt2-ab-masked-diagonal")) {
            assertThat(Golden.folder(name).resolve("model.safetensors")).exists();
        }
        assertThat(Golden.folder("template-transformer-ab").resolve("expected.json")).exists();
    }
}
