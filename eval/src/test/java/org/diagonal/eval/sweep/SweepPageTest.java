package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of a sweep says first. */
final class SweepPageTest {

    private static final Path REPORTS = Path.of(System.getProperty("diagonal.root"), "reports");

    private static String first(Path folder) throws IOException {
        return SweepPage.of(folder, "sweep").lead().get(0);
    }

    @Test
    void aSweepOverNSaysWhatEachLineNeeds() throws IOException {
        assertThat(first(REPORTS.resolve("evidence/samples-aba-abb")))
                .isEqualTo("Samples for a test loss of 0.1: 841 (none), 25 (qk).");
    }

    @Test
    void anotherSaysWhereTheLossIsLowest() throws IOException {
        assertThat(first(REPORTS.resolve("sweeps/figure-15")))
                .isEqualTo("The lowest test loss is 0.082 ± .007, at lr 0.001, width 32.");
    }

    @Test
    void pointsThatTieAreCounted(@TempDir Path work) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path committed = REPORTS.resolve("sweeps/figure-5b/sweep.json");
        ObjectNode sweep = (ObjectNode) json.readTree(committed.toFile());
        ((ObjectNode) sweep.path("figure")).put("x", "width").putArray("line").add("n");
        Files.writeString(work.resolve("sweep.json"), sweep.toString());
        assertThat(first(work))
                .isEqualTo("The lowest test error is 0.000 ± .000, at 12 of 12 points.");
    }
}
