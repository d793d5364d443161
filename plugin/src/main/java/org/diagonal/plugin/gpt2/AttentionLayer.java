package org.diagonal.plugin.gpt2;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.diagonal.plugin.identity.CentredGain;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.FactoredMatrix;
import org.diagonal.plugin.identity.Slice;

/**
 * The attention of one layer, head by head, as factored matrices.
 *
 * <p>D width, d head width. Immutable and safe for many threads.
 */
public final class AttentionLayer {

    private final Gpt2Config config;
    private final int layer;
    private final float[] attn; // (D, 3 D): queries, keys, values, of d columns a head
    private final float[] proj; // (D, D): d rows a head
    private final double[] gain; // (D)
    private final Map<Circuit, float[]> scalings; // (H)

    AttentionLayer(
            Gpt2Config config,
            int layer,
            float[] attn,
            float[] proj,
            float[] gain,
            Map<Circuit, float[]> scalings) {
        this.config = config;
        this.layer = layer;
        this.attn = attn;
        this.proj = proj;
        this.gain = new double[gain.length];
        for (int i = 0; i < gain.length; i++) {
            this.gain[i] = gain[i];
        }
        this.scalings = scalings;
    }

    /**
     * A head's circuit as the network applies it to rows X, the output of {@code ln_1}: QK is W_Q
     * W_Kᵀ/√d, of which X M Xᵀ are the logits, and OV is W_V W_O, of which A X M is the output.
     * Where the configuration scales attention in another way, QK does.
     */
    public FactoredMatrix circuit(Circuit circuit, int head) {
        int width = config.nEmbd();
        int d = config.headWidth();
        return switch (circuit) {
            case QK ->
                    FactoredMatrix.of(
                            width,
                            d,
                            queries(config, head)
                                    .read(attn, width, d, config.attentionScale(layer)),
                            keys(config, head).read(attn, width, d, 1));
            case OV ->
                    FactoredMatrix.of(
                            width,
                            d,
                            new Slice(2 * width + head * d, 3 * width, 1).read(attn, width, d, 1),
                            new Slice(head * d * width, 1, width).read(proj, width, d, 1));
        };
    }

    /** Where {@code c_attn.weight} has a head's W_Q. */
    static Slice queries(Gpt2Config config, int head) {
        return new Slice(head * config.headWidth(), 3 * config.nEmbd(), 1);
    }

    /** Where {@code c_attn.weight} has a head's W_K. */
    static Slice keys(Gpt2Config config, int head) {
        return new Slice(config.nEmbd() + head * config.headWidth(), 3 * config.nEmbd(), 1);
    }

    /**
     * A matrix of this layer with the gain γ of {@code ln_1} folded in, so that it applies to rows
     * that are normalised and no more: diag(γ) M diag(γ) for QK, diag(γ) M for OV.
     *
     * @param matrix a circuit, or what it is judged by
     */
    public FactoredMatrix folded(Circuit circuit, FactoredMatrix matrix) {
        FactoredMatrix rows = matrix.withRowGain(gain);
        return switch (circuit) {
            case QK -> rows.withColumnGain(gain);
            case OV -> rows;
        };
    }

    /**
     * How the diagonal of {@link #folded} is read: with gains on both sides for QK, rows for OV.
     */
    public CentredGain foldedGain(Circuit circuit) {
        double[] ones = new double[gain.length];
        Arrays.fill(ones, 1);
        return switch (circuit) {
            case QK -> CentredGain.of(gain, gain);
            case OV -> CentredGain.of(gain, ones);
        };
    }

    /**
     * What a head's learned scaling adds to each entry of a circuit's diagonal: the scaling times
     * its multiplier; empty where the circuit has none, or where positions are permuted so that
     * nothing is added there.
     */
    public OptionalDouble learned(Circuit circuit, int head) {
        boolean elsewhere = circuit == Circuit.QK && config.scalings().permuteWkwq();
        return scalings.containsKey(circuit) && !elsewhere
                ? OptionalDouble.of(
                        config.scalings().multiplier(circuit) * scalings.get(circuit)[head])
                : OptionalDouble.empty();
    }

    /**
     * What the mean of a folded circuit's diagonal gains from a learned scaling of 1: the mean of
     * γ² for QK, of γ for OV.
     */
    public double foldedIdentity(Circuit circuit) {
        double sum = 0;
        for (double value : gain) {
            sum += circuit == Circuit.QK ? value * value : value;
        }
        return sum / gain.length;
    }
}
