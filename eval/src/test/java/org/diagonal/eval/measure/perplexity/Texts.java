package org.diagonal.eval.measure.perplexity;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Tokens;

/** Small texts for tests. */
public final class Texts {

    public static final Provenance PROVENANCE =
            new Provenance("a text", "d0", "e0", MeasuredModel.of("a model"));

    private Texts() {}

    /** Ids that are their own positions, in rows and articles that begin where said. */
    public static Tokens counting(int size, int[] rowStarts, int[] articleStarts) {
        int[] ids = IntStream.range(0, size).toArray();
        return new Tokens(IntBuffer.wrap(ids), rowStarts, articleStarts);
    }

    public static Tokens counting(int size) {
        return counting(size, new int[] {0}, new int[] {0});
    }

    public static Document document(int... ids) {
        return new Document(IntBuffer.wrap(ids), OptionalLong.empty(), OptionalLong.empty());
    }

    /** Every scored target of every window, in order. */
    static List<Integer> scored(Windows windows) {
        List<Integer> targets = new ArrayList<>();
        for (Window window : windows) {
            for (int t = 0; t < window.length(); t++) {
                if (window.scores(t)) {
                    targets.add(window.targets()[t]);
                }
            }
        }
        return targets;
    }

    static List<Window> list(Windows windows) {
        List<Window> list = new ArrayList<>();
        windows.forEach(list::add);
        return list;
    }

    public static Evaluation measure(Scorer scorer, Windows windows) {
        return Perplexity.measure(scorer, windows, PROVENANCE, false, 4, progress -> {});
    }
}
