package org.diagonal.eval.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Setting;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Control;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.LoraAdapter;
import org.diagonal.plugin.identity.ScalingsAdapter;

/**
 * Which scalings a user asked for, or which control; what he left open is the model's own, or the
 * default.
 *
 * @param arm the circuits that shall have scalings, and what takes their place
 * @param qkMultiplier of every a; 1 by default
 * @param ovMultiplier of every b; 1 by default
 * @param maskDiagonal whether a leaves out the diagonal; true by default, as in the published run
 */
public record ScalingsRequest(
        Arm arm,
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
        if (hasQk && isFixed(arm)) {
            throw new IllegalArgumentException(
                    "%s needs a model without QK scalings, and this one has them".formatted(arm));
        }
        if (qkMultiplier.isPresent() && isFixed(arm)) {
            throw new IllegalArgumentException(
                    "%s says itself what a is: leave the multiplier of QK out".formatted(arm));
        }
        double presentQk = hasQk ? present.wkwqIdMult() : 1;
        double presentOv = present.has(Circuit.OV) ? present.wvwoIdMult() : 1;
        boolean presentMask = !hasQk || present.maskDiagWkwq();
        return present.plus(
                new IdentityScalings(
                        arm.has(Circuit.QK) ? qkMultiplier.orElse(presentQk) : 0,
                        arm.has(Circuit.OV) ? ovMultiplier.orElse(presentOv) : 0,
                        maskDiagonal.orElse(presentMask),
                        arm.equals(Arm.PERMUTED) || (present.permuteWkwq() && hasQk)));
    }

    /** Whether the control brings numbers of its own, beside scalings. */
    boolean hasNumbers() {
        return !isFixed(arm)
                && arm.control().filter(one -> !(one instanceof Control.Permuted)).isPresent();
    }

    /** Whether a is given, and nothing of it trained. */
    static boolean isFixed(Arm arm) {
        return arm.control().filter(Control.Fixed.class::isInstance).isPresent();
    }

    /** Whether scalings are trained: a model's own, or those of the arm. */
    boolean movesScalings(IdentityScalings present) {
        return isFixed(arm) ? !present.isNone() : !addedTo(present).isNone();
    }

    /**
     * What a training of the numbers alone leaves beside its model: an adapter of scalings or of
     * LoRA, or none where no such file says all that moved.
     *
     * @param base where the base came from
     * @param sha256 its weights' hash
     * @param present the scalings of the base
     * @param trained those of the network
     */
    Optional<Adapter> adapter(
            String base, String sha256, IdentityScalings present, IdentityScalings trained) {
        Optional<Control> control = arm.control();
        if (control.isPresent() && control.get() instanceof Control.Lora lora) {
            return present.isNone()
                    ? Optional.of(LoraAdapter.trained(base, sha256, lora.rank()))
                    : Optional.empty(); // whose scalings move, too
        }
        return hasNumbers() || isFixed(arm) // which moves nothing, so that no file of it is written
                ? Optional.empty()
                : Optional.of(new ScalingsAdapter(base, sha256, trained));
    }

    /**
     * Says which of a model's scalings stay though they were not asked for.
     *
     * @param present the scalings of the model
     * @param model its name
     */
    Optional<String> staying(IdentityScalings present, String model) {
        String staying =
                Arrays.stream(Circuit.values())
                        .filter(circuit -> present.has(circuit) && !arm.has(circuit))
                        .map(Circuit::name)
                        .collect(Collectors.joining(" and "));
        return staying.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s has %s scalings, which stay: they are never dropped"
                                .formatted(model, staying));
    }

    /** Says which settings have no effect. */
    List<Notice> unused() {
        List<Notice> unused = new ArrayList<>();
        unused(qkMultiplier, Setting.QK_MULTIPLIER, Circuit.QK, unused);
        unused(ovMultiplier, Setting.OV_MULTIPLIER, Circuit.OV, unused);
        if (!arm.has(Circuit.QK) && maskDiagonal.isPresent()) {
            unused.add(
                    Notice.of(
                            "masking the diagonal has no effect: no QK scalings were asked for",
                            Setting.MASK_DIAGONAL));
        }
        return unused;
    }

    private void unused(
            Optional<Double> multiplier, Setting setting, Circuit circuit, List<Notice> unused) {
        if (multiplier.isPresent() && !arm.has(circuit)) {
            String words =
                    "the multiplier of %s has no effect: no %s scalings were asked for"
                            .formatted(circuit, circuit);
            unused.add(Notice.of(words, setting));
        } else if (multiplier.isPresent() && multiplier.get() == 0) {
            String words = "a multiplier of 0 means no %s scalings".formatted(circuit);
            unused.add(Notice.of(words, setting));
        }
    }
}
