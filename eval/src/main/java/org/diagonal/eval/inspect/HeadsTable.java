package org.diagonal.eval.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.diagonal.eval.inspect.Inspection.Head;
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

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private HeadsTable() {}

    /**
     * The file's text; a number that is absent is an empty cell.
     *
     * @param against whether of the model before
     */
    static String text(Inspection inspection, boolean against) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            List<String> header = new ArrayList<>(KEYS);
            header.addAll(NUMBERS);
            printer.printRecord(header);
            for (Head head : inspection.heads()) {
                JsonNode node = Records.tree(head);
                JsonNode numbers = against ? node.path("against") : node;
                List<String> row = new ArrayList<>();
                KEYS.forEach(key -> row.add(node.path(key).asText()));
                NUMBERS.forEach(key -> row.add(numbers.path(key).asText()));
                printer.printRecord(row);
            }
        }
        return text.toString();
    }
}
