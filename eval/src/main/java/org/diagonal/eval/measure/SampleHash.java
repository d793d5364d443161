package org.diagonal.eval.measure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 over strings and their labels, in their order; where each ends counts. */
final class SampleHash {

    private final MessageDigest digest;

    SampleHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void add(String sample, String label) {
        add(sample);
        add(label);
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    /** The hash in hexadecimal; the last call. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
