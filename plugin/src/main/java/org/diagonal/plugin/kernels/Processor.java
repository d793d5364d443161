package org.diagonal.plugin.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a processor says it can do.
 *
 * @param vendor {@code AuthenticAMD}, {@code GenuineIntel}, or empty where the system does not tell
 * @param flags instruction sets by the names that Linux gives them
 */
record Processor(String vendor, Set<String> flags) {

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Copies the flags. */
    Processor {
        flags = Set.copyOf(flags);
    }

    /** The one of this machine; it says nothing where the system is not Linux. */
    static Processor ofMachine() {
        try {
            return Files.isReadable(CPUINFO)
                    ? parse(Files.readAllLines(CPUINFO))
                    : new Processor("", Set.of());
        } catch (IOException e) {
            return new Processor("", Set.of()); // it decides speed alone
        }
    }

    static Processor parse(List<String> lines) {
        return new Processor(
                value(lines, "vendor_id"), Set.of(distinct(value(lines, "flags").split(" +"))));
    }

    private static String[] distinct(String... words) {
        return java.util.Arrays.stream(words).distinct().toArray(String[]::new);
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("");
    }

    /**
     * Whether MKL multiplies without AVX-512 where the processor has it: it asks for the vendor.
     */
    boolean isHeldBackByMkl() {
        return vendor.equals("AuthenticAMD") && flags.contains("avx512f");
    }

    /** Whether it multiplies bfloat16 faster than float32. */
    boolean hasBfloat16() {
        return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
    }
}
