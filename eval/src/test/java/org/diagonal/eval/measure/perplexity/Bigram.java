package org.diagonal.eval.measure.perplexity;

/** A scorer whose nats depend on the two ids alone, and that checks the shape of what it gets. */
public record Bigram(int contextLength, double scale) implements Scorer {

    /** −log p of an id after another one, in eighths so that small sums are exact. */
    double nats(int before, int id) {
        return scale * (1 + (31 * before + 17 * id) % 23) / 8;
    }

    @Override
    public double[][] nats(int[][] inputIds, int[][] targets) {
        double[][] nats = new double[inputIds.length][];
        for (int b = 0; b < nats.length; b++) {
            if (inputIds[b].length != inputIds[0].length
                    || targets[b].length != inputIds[0].length
                    || inputIds[b].length > contextLength) {
                throw new AssertionError("not rectangular, or longer than the context");
            }
            nats[b] = new double[inputIds[b].length];
            for (int t = 0; t < nats[b].length; t++) {
                boolean scored = targets[b][t] != Window.NOT_SCORED;
                nats[b][t] = scored ? nats(inputIds[b][t], targets[b][t]) : 0;
            }
        }
        return nats;
    }
}
