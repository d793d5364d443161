package org.diagonal.eval.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code inspect.json} as a record, by the committed file of GPT-2's heads. */
final class InspectionTest {

    private static final Path COMMITTED =
            Path.of(System.getProperty("diagonal.root"), "reports", "diagonals");

    @TempDir Path folder;

    private static Inspection committed() throws IOException {
        return Inspection.FORM.read(COMMITTED);
    }

    @Test
    void theCommittedFilesAreReadAndWrittenAgainTheSameBytes() throws IOException {
        Inspection inspection = committed();
        assertThat(Inspection.FORM.text(inspection))
                .isEqualTo(Files.readString(COMMITTED.resolve("inspect.json")));
        assertThat(HeadsTable.text(inspection, false))
                .isEqualTo(Files.readString(COMMITTED.resolve("heads.csv")));
    }

    @Test
    void thePageListsTheStrongestHeadsOfBothCircuits() throws IOException {
        Page page = InspectionPage.of(COMMITTED, "heads");
        assertThat(page.title()).isEqualTo("gpt2-124m-attention-f16: the diagonals of 144 heads");
        assertThat(page.lead())
                .containsExactly(
                        "QK: 134 of 144 heads have a diagonal beyond chance, 64 positive and 70"
                                + " negative (error rate 1\u00A0% over all of them together); the"
                                + " strongest are 0.5 (z\u00A0=\u00A0202.9), 0.10"
                                + " (z\u00A0=\u00A0187.7), 0.1 (z\u00A0=\u00A0169.5).",
                        "OV: 137 of 144 heads have a diagonal beyond chance, 93 positive and 44"
                                + " negative (error rate 1\u00A0% over all of them together); the"
                                + " strongest are 4.7 (z\u00A0=\u00A0−200.3), 11.3"
                                + " (z\u00A0=\u00A0189.1), 5.11 (z\u00A0=\u00A0−177.9).");
        Table table = ((Listing) page.sections().get(0).blocks().get(0)).table();
        assertThat(table.columns())
                .containsExactly(
                        "Head", "z", "tr(M)/D", "p", "p adjusted", "Share", "z folded", "z random");
        assertThat(table.rows().get(0).stream().map(Table.Cell::words))
                .startsWith("QK\u00A00.5", "202.9", "0.6440", "< 1e−300")
                .contains("8.1\u00A0%", "206.2");
        assertThat(table.rows()).hasSize(12);
    }

    @Test
    void aHeadThatIsListedIsTheOneAskedFor() throws IOException {
        Inspection inspection = committed();
        List<Head> one =
                inspection.byStrength().stream().filter(h -> h.name().equals("3.4")).toList();
        assertThat(one).hasSize(2);
        Page page = InspectionPage.of(inspection, "heads", one);
        Table table = ((Listing) page.sections().get(0).blocks().get(0)).table();
        assertThat(table.rows()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "seed" : 0     | "seed" : "0"            | key seed: expected a whole number, found "0"
                    "seed" : 0     | "sead" : 0              | key seed: is missing
                    "seed" : 0     | "seed" : 0, "sead" : 0  | key sead: is not known
                    {"layer":0,    | {"layer":0,"more":1,    | key heads[0].more: is not known
                    "z":-26.72316  | "z":"-26"               | key heads[0].z: expected a number, found "-26"
                    "cells" : 48   | "cells" : 47            | key strongest[0].thumbnail: rows: expected 47 rows of 47 numbers
                    """)
    void whatDoesNotFitIsRefusedWithItsWholePath(String part, String instead, String message)
            throws IOException {
        String json = Files.readString(COMMITTED.resolve("inspect.json"));
        int at = json.indexOf(part);
        assertThat(at).isPositive();
        Path file = folder.resolve("inspect.json");
        Files.writeString(
                file, json.substring(0, at) + instead + json.substring(at + part.length()));
        assertThatThrownBy(() -> Inspection.FORM.read(folder)).hasMessage(file + ": " + message);
    }
}
