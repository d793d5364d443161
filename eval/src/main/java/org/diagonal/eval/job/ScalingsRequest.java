package org.diagonal.eval.job;

import java.util.Optional;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * Which scalings a user asked for; what he left open is the model's own, or the default.
 *
 * @param qk whether the QK circuits shall have them
 * @param ov whether the OV circuits shall have them
 * @param qkMultiplier of every a; 1 by default
 * @param ovMultiplier of every b; 1 by default
 * @param maskDiagonal whether a leaves out the diagonal; true by default, as in the published run
 */
public record ScalingsRequest(
        boolean qk,
        boolean ov,
        Optional<Double> qkMultiplier,
        Optional<Double> ovMultiplier,
        Optional<Boolean> maskDiagonal) {

    /**
     * The scalings of a network: those that its model has, and those asked for.
     *
     * @throws IllegalArgumentException if the user contradicts what the model has
     */
    public IdentityScalings addedTo(IdentityScalings present) {
        boolean hasQk = present.has(Circuit.QK);
        double presentQk = hasQk ? present.wkwqIdMult() : 1;
        double presentOv = present.has(Circuit.OV) ? present.wvwoIdMult() : 1;
        boolean presentMask = !hasQk || present.maskDiagWkwq();
        return present.plus(
                new IdentityScalings(
                        qk ? qkMultiplier.orElse(presentQk) : 0,
                        ov ? ovMultiplier.orElse(presentOv) : 0,
                        maskDiagonal.orElse(presentMask)));
    }
}
