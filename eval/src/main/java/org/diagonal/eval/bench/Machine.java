package org.diagonal.eval.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.diagonal.eval.source.Room;

/** What Linux tells of the processor and of this process; other systems tell nothing. */
final class Machine {

    private static final Path PROC = Path.of("/proc");
    private static final String RESET_PEAK = "5";

    private Machine() {}

    /** The processor's name, or its architecture where the system does not say. */
    static String cpu() {
        return Room.field(PROC.resolve("cpuinfo"), "model name")
                .orElseGet(() -> System.getProperty("os.arch"));
    }

    /**
     * Begins a new peak of resident memory.
     *
     * @return whether the system allows that; otherwise the peak stays that of the whole process
     */
    static boolean resetPeak() {
        try {
            Files.writeString(
                    PROC.resolve("self/clear_refs"), RESET_PEAK, StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false; // no Linux, or a container that forbids it
        }
    }
}
