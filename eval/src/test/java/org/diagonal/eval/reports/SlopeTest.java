package org.diagonal.eval.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The slopes over amounts of text that the evidence states are those that its command prints. */
@Tag("process")
final class SlopeTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));
    private static final Pattern COMMAND = Pattern.compile("Slope\\.java (.+)");
    private static final Pattern ROW =
            Pattern.compile("(?m)^(qk|ov|both) +(\\S+) +\\((\\S+ to \\S+)\\)");

    @Test
    void theStatedSlopesArePrinted() throws IOException, InterruptedException {
        String text = Files.readString(ROOT.resolve("reports/evidence/README.md"));
        Matcher command = COMMAND.matcher(text);
        assertThat(command.find()).isTrue();
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "reports/evidence/Slope.java"));
        words.addAll(List.of(command.group(1).split(" ")));
        Process process =
                new ProcessBuilder(words)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        Matcher row = ROW.matcher(printed);
        int rows = 0;
        while (row.find()) {
            String stated = "%s (%s)".formatted(row.group(2), row.group(3)).replace('-', '−');
            assertThat(text).contains(row.group(1) + " " + stated);
            rows++;
        }
        assertThat(rows).as(printed).isEqualTo(3);
    }
}
