package org.diagonal.eval.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What is known of a file before it is there.
 *
 * @param bytes its length
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 */
public record Pin(OptionalLong bytes, Optional<String> sha256) {

    /** Nothing is known. */
    public static final Pin NONE = new Pin(OptionalLong.empty(), Optional.empty());

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Pin {
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes.getAsLong());
        }
        if (sha256.isPresent() && !isSha256(sha256.get())) {
            throw new IllegalArgumentException(
                    "sha256 must be 64 lower-case hexadecimal digits: " + sha256.get());
        }
    }

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    /** Whether the file is there with the pinned length; its hash was checked when it came. */
    boolean fits(Path file) throws IOException {
        return Files.isRegularFile(file)
                && (bytes.isEmpty() || Files.size(file) == bytes.getAsLong());
    }
}
