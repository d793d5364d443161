package org.diagonal.plugin.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** A SHA-256 in the making, over texts whose borders count, and over bytes. */
public final class Sha256 {

    private final MessageDigest digest;

    /** Nothing is added yet. */
    public Sha256() {
        digest = DigestUtils.getSha256Digest();
    }

    /** Adds a text after its length, so that "ab", "c" differs from "a", "bc". */
    public Sha256 add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
        return this;
    }

    /** The hash of a whole text, as UTF-8 alone. */
    public static String of(String text) {
        return DigestUtils.sha256Hex(text);
    }

    /** The hash of a file's bytes. */
    public static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DigestUtils.sha256Hex(in);
        }
    }

    /** Adds the bytes between position and limit. */
    public Sha256 add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** The hash in hexadecimal; the last call. */
    public String hex() {
        return Hex.encodeHexString(digest.digest());
    }
}
