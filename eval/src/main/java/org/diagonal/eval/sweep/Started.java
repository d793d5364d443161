package org.diagonal.eval.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.record.Form;

/**
 * {@code settings.json}: what a folder's trials have in common, written before the first, so that
 * two sweeps do not mix.
 *
 * @param version of the file's form
 * @param base settings that all share
 * @param axes of the grid
 * @param tie settings that are computed
 * @param select the axis whose value is chosen
 */
record Started(
        int version,
        Map<String, String> base,
        String axes,
        Map<String, String> tie,
        Optional<String> select) {

    static final Form<Started> FORM = Form.of("settings.json", Started.class, 1, Map.of());

    /** Copies; keeps the orders. */
    Started {
        base = Collections.unmodifiableMap(new LinkedHashMap<>(base));
        tie = Collections.unmodifiableMap(new LinkedHashMap<>(tie));
    }
}
