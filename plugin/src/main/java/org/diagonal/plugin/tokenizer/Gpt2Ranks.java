package org.diagonal.plugin.tokenizer;

import com.knuddels.jtokkit.Encodings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.tokenizer.BytePairs.AddedToken;

/**
 * GPT-2's tokenizer from jtokkit's {@code r50k_base}: 50,256 byte strings by rank, their ids.
 *
 * <p>The ranks alone tell the merges: a token is merged from the two parts that the merges of lower
 * rank leave of it. Working with ids instead of strings makes this a matter of milliseconds.
 */
final class Gpt2Ranks {

    private static final String RESOURCE = "r50k_base.tiktoken";
    private static final int BYTES = 256;
    private static final int SLOTS = 1 << 17; // more than twice the merges

    private final int[] idOfByte = new int[BYTES];
    private final List<String> tokens = new ArrayList<>(); // by id, in letters
    private final List<String> merges = new ArrayList<>();
    private final long[] pairs = new long[SLOTS]; // left << 32 | right, plus 1; 0 is free
    private final int[] merged = new int[SLOTS];

    private Gpt2Ranks() {
        byte[] lines = resource();
        for (int begin = 0, end; begin < lines.length; begin = end + 1) {
            end = begin;
            while (end < lines.length && lines[end] != '\n') {
                end++;
            }
            add(lines, begin, end);
        }
    }

    /** The byte pairs, and the token that ends a text. */
    static BytePairs bytePairs() {
        Gpt2Ranks gpt2 = new Gpt2Ranks();
        int end = gpt2.tokens.size();
        Map<String, Integer> vocabulary = new LinkedHashMap<>(2 * end);
        for (String token : gpt2.tokens) {
            vocabulary.put(token, vocabulary.size());
        }
        vocabulary.put(ModelTokenizer.END_OF_TEXT, end);
        List<AddedToken> added = List.of(AddedToken.of(end, ModelTokenizer.END_OF_TEXT));
        return new BytePairs(vocabulary, gpt2.merges, added, false, Optional.empty());
    }

    private static byte[] resource() {
        try (InputStream bytes = Encodings.class.getResourceAsStream(RESOURCE)) {
            if (bytes == null) {
                throw new IllegalStateException("jtokkit holds no " + RESOURCE);
            }
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("jtokkit's " + RESOURCE + " cannot be read", e);
        }
    }

    /** Adds the token of one line: its bytes in base 64, a space, its rank. */
    private void add(byte[] lines, int begin, int end) {
        int space = begin;
        while (space < end && lines[space] != ' ') {
            space++;
        }
        byte[] bytes = Base64.getDecoder().decode(Arrays.copyOfRange(lines, begin, space));
        int rank = 0;
        for (int i = space + 1; i < end && lines[i] != '\r'; i++) {
            rank = 10 * rank + lines[i] - '0';
        }
        if (rank != tokens.size() || (rank < BYTES) != (bytes.length == 1)) {
            throw new IllegalStateException(
                    "%s: expected rank %d, found %d with %d bytes"
                            .formatted(RESOURCE, tokens.size(), rank, bytes.length));
        }
        char[] letters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            letters[i] = BytePairs.letter(bytes[i] & 0xff);
        }
        tokens.add(new String(letters));
        if (rank < BYTES) {
            idOfByte[bytes[0] & 0xff] = rank;
        } else {
            merge(bytes, rank);
        }
    }

    /** Merges a token's bytes until two parts are left, and notes these as its merge. */
    private void merge(byte[] bytes, int rank) {
        int parts = bytes.length;
        int[] ids = new int[parts];
        for (int i = 0; i < parts; i++) {
            ids[i] = idOfByte[bytes[i] & 0xff];
        }
        int[] results = new int[parts]; // of merging parts i and i + 1
        for (int i = 0; i + 1 < parts; i++) {
            results[i] = result(ids[i], ids[i + 1]);
        }
        while (parts > 2) {
            int lowest = 0;
            for (int i = 1; i + 1 < parts; i++) {
                lowest = results[i] < results[lowest] ? i : lowest;
            }
            if (results[lowest] == Integer.MAX_VALUE) {
                throw new IllegalStateException(RESOURCE + ": no merges make token " + rank);
            }
            ids[lowest] = results[lowest];
            System.arraycopy(ids, lowest + 2, ids, lowest + 1, parts - lowest - 2);
            System.arraycopy(results, lowest + 1, results, lowest, parts - lowest - 1);
            parts--;
            for (int i = Math.max(0, lowest - 1); i <= lowest && i + 1 < parts; i++) {
                results[i] = result(ids[i], ids[i + 1]);
            }
        }
        int slot = slot(ids[0], ids[1]);
        pairs[slot] = key(ids[0], ids[1]);
        merged[slot] = rank;
        merges.add(tokens.get(ids[0]) + ' ' + tokens.get(ids[1]));
    }

    private int result(int left, int right) {
        int slot = slot(left, right);
        return pairs[slot] == 0 ? Integer.MAX_VALUE : merged[slot];
    }

    /** The slot of a pair, or the free one where it belongs. */
    private int slot(int left, int right) {
        long key = key(left, right);
        long mixed = key * 0x9e3779b97f4a7c15L; // the golden ratio spreads neighbours
        int slot = (int) (mixed >>> 47);
        while (pairs[slot] != 0 && pairs[slot] != key) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot;
    }

    private static long key(int left, int right) {
        return ((long) left << 32 | right) + 1;
    }
}
