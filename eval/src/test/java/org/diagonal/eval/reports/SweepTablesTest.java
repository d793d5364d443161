package org.diagonal.eval.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables that people read hold the numbers of the sweeps that they name, ours and the paper's.
 */
final class SweepTablesTest {

    private static final Path REPORTS = Path.of(System.getProperty("diagonal.root"), "reports");

    private static final Pattern PAGE = Pattern.compile("\\(([\\w-]+)/report\\.html\\)");

    private static final Pattern NUMBER = Pattern.compile("(\\d?\\.\\d{3}) ± (\\d?\\.\\d{3})");

    /** A section of a README, and its folder. */
    record Section(Path folder, String heading, String text) {

        @Override
        public String toString() {
            return heading;
        }

        /** Sweeps whose pages it names. */
        private List<Path> sweeps() {
            return PAGE.matcher(text)
                    .results()
                    .map(found -> folder.resolve(found.group(1)).resolve("sweep.json"))
                    .filter(Files::exists)
                    .toList();
        }
    }

    static List<Section> sections() throws IOException {
        List<Section> sections = new ArrayList<>();
        for (String name : List.of("sweeps", "evidence")) {
            Path folder = REPORTS.resolve(name);
            Stream.of(Files.readString(folder.resolve("README.md")).split("\n## "))
                    .map(text -> new Section(folder, text.lines().findFirst().orElseThrow(), text))
                    .filter(section -> !section.sweeps().isEmpty())
                    .forEach(sections::add);
        }
        return sections;
    }

    @ParameterizedTest
    @MethodSource("sections")
    void everyMeanOfATableIsOfItsSweep(Section section) throws IOException {
        Set<String> known = new HashSet<>();
        for (Path sweep : section.sweeps()) {
            JsonNode result = new ObjectMapper().readTree(sweep.toFile());
            for (JsonNode point : result.path("points")) {
                JsonNode test = point.path("test");
                known.add(cell(test.path("mean").asDouble(), test.path("stderr").asDouble()));
            }
            for (JsonNode figure : result.path("paper")) {
                for (JsonNode line : figure.path("series")) {
                    for (JsonNode point : line.path("points")) {
                        known.add(cell(point.get(1).asDouble(), point.get(2).asDouble()));
                    }
                }
            }
        }
        String tables =
                section.text()
                        .lines()
                        .filter(line -> line.startsWith("|"))
                        .collect(Collectors.joining());
        assertThat(NUMBER.matcher(tables).results().map(MatchResult::group))
                .allMatch(known::contains);
    }

    private static String cell(double mean, double error) {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, error).replaceAll("\\b0\\.", ".");
    }
}
