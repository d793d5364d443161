package org.diagonal.eval.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages a file's content in the ways of bad disks, bad tools and bad hands. */
final class Mutator {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "0",
                    "1",
                    "2147483647",
                    "-2147483648",
                    "1e400",
                    "0.5",
                    "9223372036854775807",
                    "99999999999999999999",
                    "1000000",
                    "\"\"",
                    "\"x\"",
                    "\"\\u0000\"",
                    "\"\\uD800\"",
                    "\"\uFF18\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "[null]",
                    "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"x\"}",
                    "{\"type\":\"Prepend\",\"prepend\":\"\"}",
                    "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}",
                    "{\"type\":\"FixedLength\",\"length\":0}",
                    "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a*)*b\"},\"behavior\":\"Isolated\"}",
                    "{\"type\":\"ByteLevel\"}",
                    "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"}]}");

    private static final List<String> IMPOSTORS =
            List.of(
                    "",
                    "\n",
                    "\u0000",
                    "{}",
                    "[]",
                    "null",
                    "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
                    "<!DOCTYPE html><html><body>Sign in</body></html>",
                    "PAR1PAR1",
                    "\u001f\u008b\b\u0000");

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    /** A damaged copy; text is treated as JSON now and then where it is. */
    byte[] mutate(byte[] content) {
        int kind = random.nextInt(10);
        if (kind < 6) {
            try {
                JsonNode root = JSON.readTree(content);
                if (root != null && root.isContainerNode() && !root.isEmpty()) {
                    return json(root).getBytes(StandardCharsets.UTF_8);
                }
            } catch (IOException notJson) {
                return bytes(content);
            }
            return bytes(content);
        }
        return switch (kind) {
            case 6 -> encoded(content);
            case 7 -> pick(IMPOSTORS).getBytes(StandardCharsets.ISO_8859_1);
            default -> bytes(content);
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private byte[] encoded(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return switch (random.nextInt(4)) {
            case 0 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
            case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
            case 2 -> text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            default -> (text + "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    private byte[] bytes(byte[] content) {
        if (content.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        byte[] damaged = content.clone();
        int at = random.nextInt(content.length);
        int headed =
                random.nextInt(Math.min(content.length, 600)); // headers are where structure is
        switch (random.nextInt(7)) {
            case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> damaged[headed] = (byte) random.nextInt(256);
            case 2 -> damaged = Arrays.copyOf(damaged, at);
            case 3 -> damaged = Arrays.copyOf(damaged, content.length + 1 + random.nextInt(64));
            case 4 -> Arrays.fill(damaged, at, Math.min(content.length, at + 64), (byte) 0xFF);
            case 5 -> {
                for (int i = headed; i < content.length; i++) {
                    if (damaged[i] >= '0' && damaged[i] <= '9') {
                        damaged[i] = (byte) ('0' + random.nextInt(10));
                        break;
                    }
                }
            }
            default -> {
                byte[] piece = Arrays.copyOf(content, Math.min(content.length, headed + 9));
                damaged = Arrays.copyOf(damaged, content.length + piece.length);
                System.arraycopy(piece, 0, damaged, content.length, piece.length);
            }
        }
        return damaged;
    }

    private String json(JsonNode root) {
        List<JsonNode> holders = new ArrayList<>();
        gather(root, holders);
        // The top of a file has the settings; vocabularies would hide them.
        JsonNode holder = random.nextInt(3) == 0 ? root : pick(holders);
        if (holder instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = pick(names);
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.put(name, "x".repeat(100_000));
                case 2 -> object.set(pick(names), object.get(name));
                default -> object.set(name, value());
            }
        } else if (holder instanceof ArrayNode array) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at));
                default -> array.set(at, value());
            }
        }
        return root.toString();
    }

    private JsonNode value() {
        try {
            return JSON.readTree(pick(VALUES));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void gather(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode() && !node.isEmpty()) {
            holders.add(node);
            node.forEach(child -> gather(child, holders));
        }
    }
}
