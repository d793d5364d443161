package org.diagonal.eval.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/** What Linux tells of the processor and of this process; other systems tell nothing. */
final class Machine {

    private static final Path PROC = Path.of("/proc");
    private static final String RESET_PEAK = "5";

    private Machine() {}

    /** The processor's name, or its architecture where the system does not say. */
    static String cpu() {
        return field(PROC.resolve("cpuinfo"), "model name")
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

    /** The first value of a name in a file of lines {@code name : value}. */
    static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches(name + "\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }
}
