package org.diagonal.plugin.identity;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tensors hold the identity scalings of a network: of GPT-2, {@code
 * transformer.h.3.attn.wkwq_id_scalings}, or of the paper's networks from scratch, {@code
 * transformer.layers.3.0.fn.wkwq_identity_scalings}. Each has the shape (H).
 */
public final class ScalingTensors {

    private static final Pattern NAME =
            Pattern.compile(
                    "[^0-9]*\\.([0-9]{1,4})\\.(?:.*\\.)?(wkwq|wvwo)_id(?:entity)?_scalings");

    private final Map<Circuit, NavigableMap<Integer, String>> names = new EnumMap<>(Circuit.class);

    private ScalingTensors() {}

    /**
     * Finds them.
     *
     * @param tensors names of a network's tensors; others than scalings are left out
     */
    public static ScalingTensors of(Collection<String> tensors) {
        ScalingTensors found = new ScalingTensors();
        for (String tensor : tensors) {
            Matcher name = NAME.matcher(tensor);
            if (name.matches()) {
                Circuit circuit = name.group(2).equals("wkwq") ? Circuit.QK : Circuit.OV;
                found.names
                        .computeIfAbsent(circuit, any -> new TreeMap<>())
                        .put(Integer.valueOf(name.group(1)), tensor);
            }
        }
        return found;
    }

    /** The circuits that have scalings. */
    public Set<Circuit> circuits() {
        return Set.copyOf(names.keySet());
    }

    /** Whether no circuit has scalings. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** The tensors of a circuit by their layer, in order; empty where it has no scalings. */
    public NavigableMap<Integer, String> of(Circuit circuit) {
        return new TreeMap<>(names.getOrDefault(circuit, new TreeMap<>()));
    }
}
