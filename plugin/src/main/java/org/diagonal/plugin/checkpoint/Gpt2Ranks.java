package org.diagonal.plugin.checkpoint;

import com.knuddels.jtokkit.Encodings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.BytePairs.AddedToken;

/**
 * GPT-2's tokenizer from jtokkit's {@code r50k_base}: 50,256 byte strings by rank, their ids.
 *
 * <p>The ranks alone tell the merges: a token is merged from the two parts that are left of it when
 * only pairs of lower rank are merged.
 */
final class Gpt2Ranks {

    private static final String RESOURCE = "r50k_base.tiktoken";
    private static final int BYTES = 256;

    private final Map<String, Integer> ranks = new HashMap<>(); // a char a byte
    private final List<String> tokens = new ArrayList<>();

    private Gpt2Ranks() {
        try (InputStream bytes = Encodings.class.getResourceAsStream(RESOURCE)) {
            if (bytes == null) {
                throw new IllegalStateException("jtokkit holds no " + RESOURCE);
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(bytes, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("jtokkit's " + RESOURCE + " cannot be read", e);
        }
    }

    /** The byte pairs with the token that ends a text. */
    static BytePairs bytePairs() {
        Gpt2Ranks gpt2 = new Gpt2Ranks();
        int end = gpt2.tokens.size();
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (String token : gpt2.tokens) {
            vocabulary.put(letters(token), vocabulary.size());
        }
        vocabulary.put(ModelTokenizer.END_OF_TEXT, end);
        List<String> merges = new ArrayList<>();
        for (int rank = BYTES; rank < end; rank++) {
            String token = gpt2.tokens.get(rank);
            int middle = gpt2.lastBorder(token, rank);
            merges.add(
                    letters(token.substring(0, middle)) + ' ' + letters(token.substring(middle)));
        }
        List<AddedToken> added = List.of(AddedToken.of(end, ModelTokenizer.END_OF_TEXT));
        return new BytePairs(vocabulary, merges, added, false, Optional.empty());
    }

    private void add(String line) {
        int space = line.indexOf(' ');
        byte[] bytes = Base64.getDecoder().decode(line.substring(0, space));
        int rank = Integer.parseInt(line, space + 1, line.length(), 10);
        if (rank != tokens.size()) {
            throw new IllegalStateException(
                    "%s: expected rank %d, found %d".formatted(RESOURCE, tokens.size(), rank));
        }
        String token = new String(bytes, StandardCharsets.ISO_8859_1);
        tokens.add(token);
        ranks.put(token, rank);
    }

    /** The border between the two parts of a token that merges of lower rank leave. */
    private int lastBorder(String token, int rank) {
        int parts = token.length();
        int[] borders = new int[parts + 1]; // part i is [borders[i], borders[i + 1])
        int[] pairs = new int[parts]; // the rank of parts i and i + 1 together
        for (int i = 0; i <= parts; i++) {
            borders[i] = i;
        }
        for (int i = 0; i + 1 < parts; i++) {
            pairs[i] = rankOf(token, i, i + 2);
        }
        while (parts > 2) {
            int lowest = 0;
            for (int i = 1; i + 1 < parts; i++) {
                lowest = pairs[i] < pairs[lowest] ? i : lowest;
            }
            if (pairs[lowest] >= rank) {
                throw new IllegalStateException(RESOURCE + ": no merge makes token " + rank);
            }
            System.arraycopy(borders, lowest + 2, borders, lowest + 1, parts - lowest - 1);
            System.arraycopy(pairs, lowest + 1, pairs, lowest, parts - lowest - 1);
            parts--;
            for (int i = Math.max(0, lowest - 1); i <= lowest && i + 1 < parts; i++) {
                pairs[i] = rankOf(token, borders[i], borders[i + 2]);
            }
        }
        return borders[1];
    }

    private int rankOf(String token, int begin, int end) {
        return ranks.getOrDefault(token.substring(begin, end), Integer.MAX_VALUE);
    }

    private static String letters(String bytes) {
        char[] letters = new char[bytes.length()];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = BytePairs.letter(bytes.charAt(i));
        }
        return new String(letters);
    }
}
