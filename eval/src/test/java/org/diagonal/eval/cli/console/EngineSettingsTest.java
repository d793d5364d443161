package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineSettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "CPU", "gpu:", "gpu:-1", "gpu:1000", "cuda:0", "auto "})
    void otherDevicesThanThoseNamedAreRefused(String device) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineSettings(device, Optional.empty()))
                .withMessageContaining("'" + device + "' is not one of: auto, cpu");
    }

    @Test
    void theProcessorIsTakenWhereItIsAskedFor() {
        assertThat(new EngineSettings("cpu", Optional.empty()).device()).isEqualTo(Device.cpu());
    }

    @Test
    void aGraphicsProcessorThatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineSettings("gpu:999", Optional.empty()).device())
                .withMessageMatching("device gpu:999 is not there: PyTorch finds \\d+ GPUs?");
    }

    @Test
    void whatWasLoadedIsSaid() throws IOException {
        Map<String, String> versions = Versions.loaded(EngineSettings.automatic());
        assertThat(versions.keySet()) // the order of every file that holds them
                .containsExactly(
                        "diagonal",
                        "commit",
                        "java",
                        "djl",
                        "pytorch",
                        "device",
                        "threads",
                        "products");
        assertThat(versions.get("diagonal")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(versions.get("djl")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(versions.get("pytorch")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(versions.get("device")).matches("cpu|gpu:\\d+");
        assertThat(versions.get("threads")).matches("[1-9]\\d*");
        assertThat(new Versions.Provider().getVersion())
                .contains("Diagonal      " + versions.get("diagonal"))
                .contains("PyTorch       " + versions.get("pytorch"))
                .anyMatch(line -> line.matches("ONNX Runtime  \\d+\\.\\d+\\.\\d+.*"));
    }
}
