package org.diagonal.eval.train;

import java.util.ArrayList;
import java.util.List;
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

    /**
     * Says which of a model's scalings stay though they were not asked for.
     *
     * @param present the scalings of the model
     * @param model its name
     */
    Optional<String> staying(IdentityScalings present, String model) {
        List<String> staying = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            boolean asked = circuit == Circuit.QK ? qk : ov;
            if (present.has(circuit) && !asked) {
                staying.add(circuit.name());
            }
        }
        return staying.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s has %s scalings, which stay: they are never dropped"
                                .formatted(model, String.join(" and ", staying)));
    }

    /** Says which settings have no effect. */
    List<String> unused() {
        List<String> unused = new ArrayList<>();
        unused(qk, qkMultiplier, "--qk-multiplier", Circuit.QK).ifPresent(unused::add);
        unused(ov, ovMultiplier, "--ov-multiplier", Circuit.OV).ifPresent(unused::add);
        if (!qk && maskDiagonal.isPresent()) {
            unused.add("--mask-diagonal has no effect: no QK scalings were asked for");
        }
        return unused;
    }

    private static Optional<String> unused(
            boolean asked, Optional<Double> multiplier, String option, Circuit circuit) {
        if (multiplier.isEmpty()) {
            return Optional.empty();
        }
        if (!asked) {
            return Optional.of(
                    "%s has no effect: no %s scalings were asked for".formatted(option, circuit));
        }
        return multiplier.get() == 0
                ? Optional.of("%s 0 means no %s scalings".formatted(option, circuit))
                : Optional.empty();
    }
}
