package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Templates that a kernel cannot tell apart whatever its points: without positions all templates
 * with equally frequent tokens, without attention logits all with the same regular tokens.
 */
public final class Twins {

    /**
     * Two templates with proportional rows in N.
     *
     * @param first its number
     * @param second its number, larger
     */
    public record Pair(int first, int second) {}

    private Twins() {}

    /** The first pair, if there is one. */
    static Optional<Pair> find(Outline outline, Setting setting) {
        Map<List<Object>, Integer> known = new HashMap<>();
        for (int t = 0; t < outline.size(); t++) {
            Optional<List<Object>> key = key(outline, setting, t);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            Integer other = known.putIfAbsent(key.get(), t);
            if (other != null) {
                return Optional.of(new Pair(other, t));
            }
        }
        return Optional.empty();
    }

    /** What the kernel sees of a template; nothing where it sees all of it. */
    private static Optional<List<Object>> key(Outline outline, Setting setting, int t) {
        boolean masked = setting.depth() == 1 && setting.maskDiagonal();
        boolean even = setting.beta() == 0 && (setting.a() == 0 || setting.depth() == 1 || masked);
        if (setting.gamma() > 0 && !even) {
            return Optional.empty();
        }
        List<Object> key = new ArrayList<>();
        key.add(outline.tokenCounts(t));
        boolean scalesRows =
                setting.depth() == 1 && (setting.phi() == Phi.COS || setting.phi() == Phi.LINEAR);
        if (!even || !scalesRows) {
            key.add(outline.wildcardCounts(t));
        }
        return Optional.of(key);
    }
}
