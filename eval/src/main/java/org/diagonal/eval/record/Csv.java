package org.diagonal.eval.record;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Tables beside result files, as CSV. */
public final class Csv {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private Csv() {}

    /** The text of a file: a header, and rows with a cell for each of its names. */
    public static String text(List<String> header, List<? extends List<?>> rows)
            throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(header);
            printer.printRecords(rows);
        }
        return text.toString();
    }

    /**
     * The text of a file whose rows name their cells: the first row's names are the header, and
     * what is absent is an empty cell.
     */
    public static String text(List<Map<String, Object>> rows) throws IOException {
        return text(
                List.copyOf(rows.get(0).keySet()),
                rows.stream().map(row -> row.values().stream().map(Csv::filled).toList()).toList());
    }

    private static Object filled(Object value) {
        return value instanceof OptionalDouble number
                ? cell(number)
                : value instanceof Optional<?> any ? any.<Object>map(one -> one).orElse("") : value;
    }

    /** A number, or an empty cell. */
    public static Object cell(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }
}
