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

/** What the evidence states of slopes and transitions is what its commands print. */
@Tag("process")
final class EvidenceProgramsTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));
    private static final Path EVIDENCE = ROOT.resolve("reports/evidence/README.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^(qk|ov|both) +(\\S+) +\\((\\S+ to \\S+)\\)");

    private static String printed(String text, String program)
            throws IOException, InterruptedException {
        Matcher command = Pattern.compile(program + "\\.java (.+)").matcher(text);
        assertThat(command.find()).isTrue();
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "reports/evidence/" + program + ".java"));
        words.addAll(List.of(command.group(1).split(" ")));
        Process process =
                new ProcessBuilder(words)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    void theStatedSlopesArePrinted() throws IOException, InterruptedException {
        String text = Files.readString(EVIDENCE);
        String printed = printed(text, "Slope");
        Matcher row = ROW.matcher(printed);
        int rows = 0;
        while (row.find()) {
            String stated = "%s (%s)".formatted(row.group(2), row.group(3)).replace('-', '−');
            assertThat(text).contains(row.group(1) + " " + stated);
            rows++;
        }
        assertThat(rows).as(printed).isEqualTo(3);
    }

    @Test
    void theStatedStepsOfTransitionsArePrinted() throws IOException, InterruptedException {
        String text = Files.readString(EVIDENCE);
        String printed = printed(text, "Transition");
        assertThat(text)
                .contains(
                        "none: the loss falls" + cells(printed, "none.*falls at step +(\\d+)"),
                        "qk: the loss falls" + cells(printed, "qk.*falls at step +(\\d+)"),
                        "qk: a rises" + cells(printed, "qk.*rises at step +(\\d+)"));
        Matcher later = Pattern.compile("falls (\\S+ steps) .*\\((.+)\\)").matcher(printed);
        assertThat(later.find()).as(printed).isTrue();
        assertThat(text).contains("%s later (%s;".formatted(later.group(1), later.group(2)));
    }

    private static String cells(String printed, String pattern) {
        StringBuilder cells = new StringBuilder();
        Matcher found = Pattern.compile(pattern).matcher(printed);
        while (found.find()) {
            cells.append(" | ").append(found.group(1));
        }
        assertThat(cells).as(printed).isNotEmpty();
        return cells.append(" |").toString();
    }
}
