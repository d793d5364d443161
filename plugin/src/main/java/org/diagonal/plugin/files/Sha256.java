package org.diagonal.plugin.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in the making, over texts whose borders count, and over bytes. */
public final class Sha256 {

    private final MessageDigest digest;

    /** Nothing is added yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
        return new Sha256().add(StandardCharsets.UTF_8.encode(text)).hex();
    }

    /** Adds the bytes between position and limit. */
    public Sha256 add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** The hash in hexadecimal; the last call. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
