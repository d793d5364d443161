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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the evidence states of slopes and transitions is what its commands print. */
@Tag("process")
final class EvidenceProgramsTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));
    private static final Path EVIDENCE = ROOT.resolve("reports/evidence/README.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^(qk|ov|both) +(\\S+) +\\((\\S+ to \\S+)\\)");

    /** What each command of a program in the text prints. */
    private static List<String> printed(String text, String program)
            throws IOException, InterruptedException {
        List<String> printed = new ArrayList<>();
        Matcher command = Pattern.compile(program + "\\.java (.+)").matcher(text);
        while (command.find()) {
            printed.add(run(program, command.group(1).split(" ")));
        }
        return printed;
    }

    private static String run(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                program + ".java"));
        words.addAll(List.of(arguments));
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
        List<String> all = printed(text, "reports/evidence/Slope");
        assertThat(all).hasSize(1);
        String printed = all.get(0);
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
        List<String> all = printed(text, "reports/evidence/Transition");
        assertThat(all).hasSize(2);
        List<String> rows = new ArrayList<>();
        rows.add("none: the loss falls at" + cells(all, "none.*falls at step +(\\d+)"));
        rows.add("qk: the loss falls at" + cells(all, "qk.*falls at step +(\\d+)"));
        rows.add("qk: a rises at" + cells(all, "rises at step +(\\d+)"));
        String later = "qk: from a's rise to the loss's fall";
        for (String printed : all) {
            Matcher found =
                    Pattern.compile("falls (\\S+ steps) after a rises (.+)").matcher(printed);
            assertThat(found.find()).as(printed).isTrue();
            later += " | " + found.group(1) + " " + found.group(2).replace('-', '−');
        }
        rows.add(later + " |");
        assertThat(text).contains(rows);
    }

    @Test
    void theStatedDistancesFromThePaperArePrinted() throws IOException, InterruptedException {
        String text = Files.readString(ROOT.resolve("reports/sweeps/README.md"));
        List<String> all = printed(text, "reports/sweeps/AgainstPaper");
        assertThat(all).hasSize(1);
        String last = all.get(0).strip().replaceFirst("(?s).*\n", "");
        assertThat(text.replace('\n', ' ')).contains(last);
        Matcher found =
                Pattern.compile("of (\\d+) means (\\d+) lie .*, (\\d+) below").matcher(last);
        assertThat(found.matches()).as(last).isTrue();
        assertThat(Files.readString(ROOT.resolve("reports/findings.md")))
                .contains("Of %s means on ABA/ABB".formatted(found.group(1)))
                .contains(", %s lie above it by more".formatted(found.group(2)))
                .contains("standard errors, %s below".formatted(found.group(3)));
    }

    /** The numbers that a pattern finds in each text, as cells of a row. */
    private static String cells(List<String> all, String pattern) {
        StringBuilder cells = new StringBuilder();
        for (String printed : all) {
            String numbers =
                    Pattern.compile(pattern)
                            .matcher(printed)
                            .results()
                            .map(found -> found.group(1))
                            .collect(Collectors.joining(", "));
            assertThat(numbers).as(printed).isNotEmpty();
            cells.append(" | ").append(numbers);
        }
        return cells.append(" |").toString();
    }
}
