package org.diagonal.eval.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.identity.Circuit;

/**
 * The diagonals of all heads of a model, as {@code inspect.json} keeps them.
 *
 * <p>Layout of the file, version 1; numbers are rounded, and one that is not finite is left out;
 * {@code error_rate}, the bars, {@code p} and {@code p_adjusted} are missing in older files:
 *
 * <ul>
 *   <li>{@code "version": 1}, {@code seed} of the random heads, {@code versions} of the program
 *   <li>{@code model}: {@code name}, {@code attention_sha256}, {@code adapter_sha256}, {@code
 *       n_layer}, {@code n_head}, {@code n_embd}, {@code scalings}; {@code against}: the same of
 *       the model before, where there is one
 *   <li>{@code error_rate}: how often chance alone puts at least one head of a circuit beyond the
 *       bar; {@code baseline}: for each {@code circuit} ({@code QK}, {@code OV}) and {@code folded}
 *       (false, true) the number of {@code heads}, the bar {@code p_bar} that each head's p is held
 *       against, the median {@code z_bar} of the |z| it stands for, and of as many random heads
 *       {@code z_mean}, {@code z_std}, {@code z_largest} (of |z|) and {@code share_largest}
 *   <li>{@code heads}: for each {@code layer}, {@code head} (both from 0 on), {@code circuit} and
 *       {@code folded} in this order: {@code diag_mean}, {@code diag_std}, {@code off_mean}, {@code
 *       off_std}, {@code z}, {@code diag_share}, {@code trace_over_d}, {@code learned} where the
 *       circuit has scalings, {@code sum} of both, {@code p} of the head alone (two-sided, at least
 *       1e-300, see {@link org.diagonal.eval.inspect.DiagonalChance}) and {@code p_adjusted} for
 *       all heads of the circuit, {@code random_z} and {@code random_share} of its random matrix,
 *       and {@code against}: an object with the numbers of the same head before, from {@code
 *       diag_mean} to {@code p_adjusted}
 *   <li>{@code strongest}: a few heads of each circuit, the strongest first, not folded: {@code
 *       layer}, {@code head}, {@code circuit}, {@code z}; {@code thumbnail} with {@code cells} and
 *       {@code rows}, a list of that many lists of block means of the matrix; {@code histogram}
 *       with {@code low}, {@code high} and, for equal bins between them, the counts {@code
 *       diagonal} and {@code off_diagonal}, the outermost bins being open
 * </ul>
 *
 * @param model whose heads
 * @param against the model before, where there is one
 * @param seed of the random heads
 * @param rows of the model: by layer, head, circuit, then not folded and folded
 * @param before the same heads of the model before; empty where there is none
 * @param closeups of the strongest heads of both circuits
 * @param versions what ran
 */
public record InspectResult(
        InspectedModel model,
        Optional<InspectedModel> against,
        long seed,
        List<HeadDiagonal> rows,
        List<HeadDiagonal> before,
        List<Closeup> closeups,
        Map<String, String> versions) {

    /** Two circuits, each without and with the gain. */
    static final int ROWS_OF_A_HEAD = 4;

    /** Copies the collections, and refuses heads that have no counterpart. */
    public InspectResult {
        rows = List.copyOf(rows);
        before = List.copyOf(before);
        closeups = List.copyOf(closeups);
        versions = Map.copyOf(versions);
        if (against.isPresent() && before.size() != rows.size()) {
            throw new IllegalArgumentException(
                    "heads must be as many as before: rows=%d, before=%d"
                            .formatted(rows.size(), before.size()));
        }
    }

    /** The rows of one circuit. */
    public List<HeadDiagonal> rows(Circuit circuit, boolean folded) {
        return rows.stream()
                .filter(row -> row.circuit() == circuit && row.folded() == folded)
                .toList();
    }

    /** The same circuit of the same head, with or without the gain. */
    public HeadDiagonal counterpart(HeadDiagonal row, boolean folded) {
        return rows.get(position(row) + (folded ? 1 : 0) - (row.folded() ? 1 : 0));
    }

    /** The same row of the model before. */
    public Optional<HeadDiagonal> before(HeadDiagonal row) {
        return against.isPresent() ? Optional.of(before.get(position(row))) : Optional.empty();
    }

    private int position(HeadDiagonal row) {
        int head = row.layer() * model.heads() + row.head();
        return ROWS_OF_A_HEAD * head
                + (row.circuit() == Circuit.QK ? 0 : ROWS_OF_A_HEAD / 2)
                + (row.folded() ? 1 : 0);
    }

    /** What chance makes of one circuit. */
    public RandomHeads baseline(Circuit circuit, boolean folded) {
        return RandomHeads.of(rows(circuit, folded));
    }

    /** {@link #baseline(Circuit, boolean)} of everything. */
    public List<RandomHeads> baselines() {
        List<RandomHeads> all = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            Arrays.asList(false, true).forEach(folded -> all.add(baseline(circuit, folded)));
        }
        return all;
    }
}
