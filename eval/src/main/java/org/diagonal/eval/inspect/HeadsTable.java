package org.diagonal.eval.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.record.Csv;
import org.diagonal.eval.record.Records;

/** {@code heads.csv}, and {@code heads-against.csv} of the model before: a row for every head. */
final class HeadsTable {

    static final String FILE = "heads.csv";
    static final String FILE_AGAINST = "heads-against.csv";

    private static final List<String> KEYS = List.of("layer", "head", "circuit", "folded");

    /** Keys of a head in {@code inspect.json}. */
    private static final List<String> NUMBERS =
            List.of(
                    "diag_mean",
                    "diag_std",
                    "off_mean",
                    "off_std",
                    "z",
                    "diag_share",
                    "trace_over_d",
                    "learned",
                    "p",
                    "p_adjusted");

    private HeadsTable() {}

    /**
     * The file's text; a number that is absent is an empty cell.
     *
     * @param against whether of the model before
     */
    static String text(Inspection inspection, boolean against) throws IOException {
        List<String> header = new ArrayList<>(KEYS);
        header.addAll(NUMBERS);
        List<List<String>> rows = new ArrayList<>();
        for (Head head : inspection.heads()) {
            JsonNode node = Records.tree(head);
            JsonNode numbers = against ? node.path("against") : node;
            List<String> row = new ArrayList<>();
            KEYS.forEach(key -> row.add(node.path(key).asText()));
            NUMBERS.forEach(key -> row.add(numbers.path(key).asText()));
            rows.add(row);
        }
        return Csv.text(header, rows);
    }
}
