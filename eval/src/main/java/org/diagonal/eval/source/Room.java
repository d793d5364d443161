package org.diagonal.eval.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory and disk this machine has left. */
public final class Room {

    private Room() {}

    /** Bytes of memory that a process may still take; empty where the system does not say. */
    public static OptionalLong memory() {
        return kilobytes("/proc/meminfo", "MemAvailable");
    }

    /**
     * The most bytes of memory that this process has held, or has held since the system was told to
     * begin anew; empty where nobody says.
     */
    public static OptionalLong peak() {
        return kilobytes("/proc/self/status", "VmHWM");
    }

    private static OptionalLong kilobytes(String file, String name) {
        return field(Path.of(file), name).stream()
                .mapToLong(value -> Long.parseLong(value.replace(" kB", "")) * 1024)
                .findFirst();
    }

    /** The first value of a name in a file of lines {@code name : value}, such as Linux has. */
    public static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches(name + "\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }

    /** Bytes that may be written below a folder, which need not be there yet. */
    public static long disk(Path folder) throws IOException {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return Files.getFileStore(there).getUsableSpace();
    }
}
