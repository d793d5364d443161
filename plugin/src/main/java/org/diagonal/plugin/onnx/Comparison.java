package org.diagonal.plugin.onnx;

import java.nio.FloatBuffer;

/** The largest difference of logits so far, and how often both chose the same token. */
final class Comparison {

    private static final float RELATIVE = 1e-5f;
    private static final int BLOCK = 4096;

    private final double tolerance;
    private final float[] ours = new float[BLOCK];
    private final float[] theirs = new float[BLOCK];
    private float largest;
    private boolean hasNan;
    private boolean passes = true;
    private long tokens;
    private long sameTokens;

    /**
     * Nothing is compared yet.
     *
     * @param tolerance what a difference may be, to which 1e-5 of the logit's size is added
     */
    Comparison(double tolerance) {
        this.tolerance = tolerance;
    }

    Verification.Check check(String name) {
        return new Verification.Check(name, largest(), passes, tokens, sameTokens);
    }

    /** The largest difference; infinite if one is not a number. */
    double largest() {
        return hasNan ? Double.POSITIVE_INFINITY : largest;
    }

    Comparison add(FloatBuffer said, FloatBuffer expected) {
        if (said.remaining() != expected.remaining()) {
            throw new IllegalStateException(
                    "logits must be as many: ONNX Runtime's %d, DJL's %d"
                            .formatted(said.remaining(), expected.remaining()));
        }
        for (int from = 0; from < said.remaining(); from += BLOCK) {
            int count = Math.min(BLOCK, said.remaining() - from);
            said.get(said.position() + from, theirs, 0, count);
            expected.get(expected.position() + from, ours, 0, count);
            add(count);
        }
        return this;
    }

    private void add(int count) {
        float most = largest;
        float allowed = (float) tolerance;
        for (int i = 0; i < count; i++) { // branches that are hardly ever taken cost nothing
            float difference = Math.abs(theirs[i] - ours[i]);
            if (difference > most) {
                most = difference;
            }
            if (!(difference <= allowed + RELATIVE * Math.abs(ours[i]))) {
                passes = false;
                hasNan |= Float.isNaN(difference);
            }
        }
        largest = most;
    }

    /** Counts the positions, of which each has some logits, and those with the same largest one. */
    void addTokens(FloatBuffer said, FloatBuffer expected, int vocabulary) {
        float[] one = new float[vocabulary];
        float[] other = new float[vocabulary];
        for (int from = 0; from < said.remaining(); from += vocabulary) {
            said.get(said.position() + from, one);
            expected.get(expected.position() + from, other);
            tokens++;
            sameTokens += largest(one) == largest(other) ? 1 : 0;
        }
    }

    private static int largest(float... logits) {
        int largest = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
