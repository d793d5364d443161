package org.diagonal.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.eval.source.Room;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {

    @Test
    void theFirstValueOfANameIsRead(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("cpuinfo");
        Files.writeString(
                file, "model\t\t: 143\nmodel name\t: A  CPU: fast\nmodel name\t: Another\n");
        assertThat(Room.field(file, "model name")).contains("A  CPU: fast");
        assertThat(Room.field(file, "flags")).isEmpty();
        assertThat(Room.field(dir.resolve("absent"), "flags")).isEmpty();
    }

    @Test
    void everyProcessorHasAName() {
        assertThat(Machine.cpu()).isNotBlank();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thePeakIsAtLeastTheHeapThatWasTouched() {
        byte[] touched = new byte[50_000_000];
        java.util.Arrays.fill(touched, (byte) 1);
        assertThat(Room.peak().orElseThrow()).isGreaterThan(touched.length);
    }
}
