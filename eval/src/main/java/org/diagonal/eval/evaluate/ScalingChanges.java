package org.diagonal.eval.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;

/**
 * The changes of scalings that a model is to be measured with: every factor of a with every factor
 * of b.
 *
 * @param scaleQk factors of a; none for a as trained
 * @param scaleOv factors of b; none for b as trained
 * @param withoutHeads heads whose scalings are zero in all measurements
 */
public record ScalingChanges(List<Double> scaleQk, List<Double> scaleOv, List<Head> withoutHeads) {

    /** Copies the lists. */
    public ScalingChanges {
        scaleQk = List.copyOf(scaleQk);
        scaleOv = List.copyOf(scaleOv);
        withoutHeads = List.copyOf(withoutHeads);
    }

    /** Whether nothing is to be changed. */
    public boolean isEmpty() {
        return scaleQk.isEmpty() && scaleOv.isEmpty() && withoutHeads.isEmpty();
    }

    /** One change for each measurement, by the factor of a, then of b. */
    public List<ChangedScalings> all() {
        List<ChangedScalings> all = new ArrayList<>();
        for (double qk : orOne(scaleQk)) {
            for (double ov : orOne(scaleOv)) {
                all.add(new ChangedScalings(qk, ov, withoutHeads));
            }
        }
        return all;
    }

    private static List<Double> orOne(List<Double> factors) {
        return factors.isEmpty() ? List.of(1.0) : factors;
    }

    /**
     * Refuses changes of what a model does not have.
     *
     * @param model its name, for messages
     * @throws SettingException naming the circuit or the head
     */
    public void requireIn(String model, Gpt2Config config) {
        require(model, config, Circuit.QK, scaleQk, Setting.SCALE_QK);
        require(model, config, Circuit.OV, scaleOv, Setting.SCALE_OV);
        if (!withoutHeads.isEmpty() && config.scalings().isNone()) {
            throw new SettingException(model + " has no scalings", Setting.WITHOUT_HEADS);
        }
        int layers = config.nLayer();
        int heads = config.nHead();
        for (Head head : withoutHeads) {
            if (head.layer() >= layers || head.head() >= heads) {
                throw new SettingException(
                        "there is no head %s: %s has layers 0 to %d and heads 0 to %d"
                                .formatted(head, model, layers - 1, heads - 1),
                        Setting.WITHOUT_HEADS);
            }
        }
    }

    private static void require(
            String model,
            Gpt2Config config,
            Circuit circuit,
            List<Double> factors,
            Setting setting) {
        if (!factors.isEmpty() && !config.scalings().has(circuit)) {
            throw new SettingException(
                    "%s has no scalings in its %s circuits".formatted(model, circuit), setting);
        }
    }
}
