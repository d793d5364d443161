package org.diagonal.eval.measure.perplexity;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The sums of one measurement; windows are added in the order of the text. */
final class Tally {

    private static final int MOST_SEGMENTS = 200;
    private static final int FEWEST_SEGMENTS = 30;

    private final long windows;
    private final int pieces; // parts of a window that are segments of their own
    private final double[] articleNats;
    private final long[] articleTargets;
    private final double[] segmentNats;
    private final long[] segmentTargets;
    private double pageNats;
    private long pageTargets;
    private long added;

    Tally(long windows, int documents) {
        this.windows = windows;
        this.pieces =
                windows < FEWEST_SEGMENTS ? (int) ((FEWEST_SEGMENTS + windows - 1) / windows) : 1;
        int segments = (int) Math.min(MOST_SEGMENTS, windows * pieces);
        this.articleNats = new double[documents];
        this.articleTargets = new long[documents];
        this.segmentNats = new double[segments];
        this.segmentTargets = new long[segments];
    }

    /** Adds the next window with the nats (T) of its positions. */
    void add(Window window, double[] nats) {
        int scored = window.scored();
        double sum = 0;
        int rank = 0;
        for (int t = 0; t < window.length(); t++) {
            if (!window.scores(t)) {
                continue;
            }
            int segment = segment((long) rank * pieces / scored);
            articleNats[window.article(t)] += nats[t];
            articleTargets[window.article(t)]++;
            segmentNats[segment] += nats[t];
            segmentTargets[segment]++;
            sum += nats[t];
            rank++;
        }
        pageNats += sum / scored * (window.labels() - 1);
        pageTargets += window.labels() - 1;
        added++;
    }

    /** The segment of a piece of the window that is being added. */
    private int segment(long piece) {
        return (int) ((added * pieces + piece) * segmentNats.length / (windows * pieces));
    }

    long windows() {
        return added;
    }

    /** Σ nats, article by article. */
    double nats() {
        double sum = 0;
        for (double nats : articleNats) {
            sum += nats;
        }
        return sum;
    }

    List<Part> articles() {
        return parts(articleNats, articleTargets);
    }

    List<Part> segments() {
        return parts(segmentNats, segmentTargets);
    }

    /** Mean nats as Hugging Face's page weights the windows. */
    OptionalDouble pageMean() {
        return pageTargets == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(pageNats / pageTargets);
    }

    private static List<Part> parts(double[] nats, long[] targets) {
        List<Part> parts = new ArrayList<>(nats.length);
        for (int i = 0; i < nats.length; i++) {
            parts.add(new Part(nats[i], targets[i]));
        }
        return parts;
    }
}
