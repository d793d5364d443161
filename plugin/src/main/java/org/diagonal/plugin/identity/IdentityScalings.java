package org.diagonal.plugin.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * Which circuits of a network have identity scalings, and how they enter.
 *
 * <p>A multiplier of 0 means that the circuit has none. Names in {@code config.json} are those of
 * the paper's code.
 *
 * @param wkwqIdMult fixed multiplier of every a
 * @param wvwoIdMult fixed multiplier of every b
 * @param maskDiagWkwq whether the diagonal of X Xᵀ is set to zero before a multiplies it; always
 *     false where the QK circuit has no scalings, since it says nothing then
 * @param permuteWkwq whether a multiplies X Xᵀ with every row's positions in reverse, which the
 *     diagonal is taken out of before ({@link Control.Permuted}); false where there is no a
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public record IdentityScalings(
        double wkwqIdMult, double wvwoIdMult, boolean maskDiagWkwq, boolean permuteWkwq) {

    /** Plain GPT-2. */
    public static final IdentityScalings NONE = new IdentityScalings(0, 0, false);

    private static final String PERMUTED = "permute_wkwq";

    private static final Set<String> KEYS =
            Set.of("wkwq_id_mult", "wvwo_id_mult", "mask_diag_wkwq", PERMUTED);

    /**
     * Checks the multipliers.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public IdentityScalings {
        if (!Double.isFinite(wkwqIdMult) || !Double.isFinite(wvwoIdMult)) {
            throw new IllegalArgumentException(
                    "multipliers must be finite: wkwq_id_mult="
                            + wkwqIdMult
                            + ", wvwo_id_mult="
                            + wvwoIdMult);
        }
        maskDiagWkwq = maskDiagWkwq && wkwqIdMult != 0;
        permuteWkwq = permuteWkwq && wkwqIdMult != 0;
    }

    /** Scalings with every position where it is. */
    public IdentityScalings(double wkwqIdMult, double wvwoIdMult, boolean maskDiagWkwq) {
        this(wkwqIdMult, wvwoIdMult, maskDiagWkwq, false);
    }

    /** What the kernels call the form of X Xᵀ: 1 for a masked diagonal, and 2 for reversed rows. */
    public int form() {
        return (maskDiagWkwq ? 1 : 0) + (permuteWkwq ? 2 : 0);
    }

    /** The keys of {@code config.json} that hold these settings. */
    public static Set<String> keys() {
        return KEYS;
    }

    /** The scalings of an arm with multipliers of 1, as in the paper. */
    public static IdentityScalings of(Arm arm, boolean maskDiagWkwq) {
        return new IdentityScalings(
                arm.has(Circuit.QK) ? 1 : 0,
                arm.has(Circuit.OV) ? 1 : 0,
                maskDiagWkwq,
                arm.equals(Arm.PERMUTED));
    }

    /** Reads the settings; keys that are absent mean no scalings, and a masked diagonal. */
    public static IdentityScalings of(JsonNode config) {
        return new IdentityScalings(
                config.path("wkwq_id_mult").asDouble(0),
                config.path("wvwo_id_mult").asDouble(0),
                config.path("mask_diag_wkwq").asBoolean(true),
                config.path(PERMUTED).asBoolean(false));
    }

    /** Writes the settings beside the other keys, or removes them where there are no scalings. */
    public void into(ObjectNode config) {
        config.remove(KEYS);
        if (!isNone()) {
            config.put("wkwq_id_mult", wkwqIdMult);
            config.put("wvwo_id_mult", wvwoIdMult);
            config.put("mask_diag_wkwq", maskDiagWkwq);
            if (permuteWkwq) {
                config.put(PERMUTED, true);
            }
        }
    }

    /** Whether a circuit has scalings. */
    public boolean has(Circuit circuit) {
        return multiplier(circuit) != 0;
    }

    /** A circuit's multiplier; 0 where it has no scalings. */
    public double multiplier(Circuit circuit) {
        return switch (circuit) {
            case QK -> wkwqIdMult;
            case OV -> wvwoIdMult;
        };
    }

    /** Whether no circuit has scalings. */
    public boolean isNone() {
        return wkwqIdMult == 0 && wvwoIdMult == 0;
    }

    /** The circuits with scalings, or that positions are permuted. */
    public Arm arm() {
        if (permuteWkwq && wvwoIdMult == 0) {
            return Arm.PERMUTED;
        }
        return Arm.of(
                Arrays.stream(Circuit.values()).filter(this::has).collect(Collectors.toSet()));
    }

    /**
     * These settings with the circuits of others added. A circuit that is there already keeps its
     * settings: scalings are never dropped.
     *
     * @throws IllegalArgumentException if both have a circuit and disagree about it
     */
    public IdentityScalings plus(IdentityScalings added) {
        for (Circuit circuit : Circuit.values()) {
            if (has(circuit)
                    && added.has(circuit)
                    && multiplier(circuit) != added.multiplier(circuit)) {
                throw new IllegalArgumentException(
                        "the model has "
                                + circuit
                                + " scalings with multiplier "
                                + multiplier(circuit)
                                + ", which cannot become "
                                + added.multiplier(circuit));
            }
        }
        if (has(Circuit.QK) && added.has(Circuit.QK) && maskDiagWkwq != added.maskDiagWkwq) {
            throw new IllegalArgumentException(
                    "the model's scalings have mask_diag_wkwq="
                            + maskDiagWkwq
                            + ", which cannot become "
                            + added.maskDiagWkwq);
        }
        if (has(Circuit.QK) && added.has(Circuit.QK) && permuteWkwq != added.permuteWkwq) {
            throw new IllegalArgumentException(
                    "the model's scalings have %s=%s, which cannot become %s"
                            .formatted(PERMUTED, permuteWkwq, added.permuteWkwq));
        }
        return new IdentityScalings(
                has(Circuit.QK) ? wkwqIdMult : added.wkwqIdMult,
                has(Circuit.OV) ? wvwoIdMult : added.wvwoIdMult,
                maskDiagWkwq || added.maskDiagWkwq,
                permuteWkwq || added.permuteWkwq);
    }
}
