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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.diagonal.eval.Chromium;
import org.diagonal.eval.report.page.HtmlWriter;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Written;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The results in the repository, and the reports beside them. */
final class CommittedReportsTest {

    private static final Path COMMITTED = Path.of(System.getProperty("diagonal.root"), "reports");

    /** Numbers that a report must show. */
    private static final Set<String> SHOWN =
            Set.of(
                    "perplexity",
                    "ratio",
                    "ratio_ci95",
                    "accuracy_unseen",
                    "accuracy_unseen_ci95",
                    "accuracy_seen",
                    "accuracy_seen_ci95",
                    "accuracy_unseen_among_symbols",
                    "loss_unseen",
                    "ratio_ci95_texts",
                    "difference",
                    "difference_ci95",
                    "difference_ci95_texts",
                    "ci95",
                    "mean",
                    "stderr",
                    "n",
                    "trainable_parameters");

    /** Results of version 0.1.0, which stay readable. */
    private static final Path OLDER =
            Path.of(System.getProperty("diagonal.root"))
                    .resolve("eval/src/test/resources/results-of-0.1.0");

    @TempDir Path work;

    static List<Path> results() throws IOException {
        try (Stream<Path> files = Files.walk(COMMITTED)) {
            return files.filter(file -> file.toString().matches(".*/(compare|curve)\\.json"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Double> numbers(Path json) throws IOException {
        List<Double> numbers = new ArrayList<>();
        collect(new ObjectMapper().readTree(json.toFile()), numbers);
        assertThat(numbers).hasSizeGreaterThan(5);
        return numbers;
    }

    private static void collect(JsonNode node, List<Double> into) {
        node.properties()
                .forEach(
                        entry -> {
                            boolean shown = SHOWN.contains(entry.getKey());
                            if (shown && entry.getValue().isNumber()) {
                                into.add(entry.getValue().doubleValue());
                            } else if (shown) {
                                entry.getValue().forEach(value -> into.add(value.doubleValue()));
                            }
                            collect(entry.getValue(), into);
                        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, into));
        }
    }

    private static Set<Double> shown(String html) {
        Set<Double> shown = new HashSet<>();
        Matcher matcher = Pattern.compile("<data value=\"([^\"]+)\">").matcher(html);
        while (matcher.find()) {
            shown.add(Double.parseDouble(matcher.group(1)));
        }
        return shown;
    }

    @ParameterizedTest
    @MethodSource("results")
    void theNumbersOfAResultAreShownToTheLastDigit(Path json) throws Exception {
        Page page = Reports.page(json.getParent());
        assertThat(shown(HtmlWriter.write(List.of(page)))).containsAll(numbers(json));
        assertThat(page.lead()).isNotEmpty();
        assertThat(page.figures()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("results")
    void theReportBesideAResultIsSmallAndShowsItsNumbers(Path json) throws Exception {
        Path report = json.resolveSibling(Reports.FILE);
        assertThat(report).exists();
        assertThat(Files.size(report)).isLessThan(200_000);
        assertThat(shown(Files.readString(report))).containsAll(numbers(json));
    }

    @Test
    void aCurveSaysWhatItDoesNotKnowAndWhereThePapersNetworkIsAnother() throws Exception {
        Page page = Reports.page(OLDER.resolve("copy-attention-64"));
        assertThat(page.lead())
                .containsExactly(
                        "With none, test error falls below 0.1 at n\u00A0=\u00A0128; with ov it is"
                                + " below 0.1 at n\u00A0=\u00A08 already.",
                        "In the paper it gets there at n\u00A0=\u00A064 with none, at n\u00A0=\u00A08"
                                + " with ov.",
                        "At n\u00A0=\u00A0256, test error less that of none: ov −0.003.",
                        "Means of 3 trials, seeds 42 to 44.");
        assertThat(HtmlWriter.write(List.of(page)))
                .contains("Its network has depth 2, mlp width 256.");
        Page same = Reports.page(OLDER.resolve("copy-64"));
        assertThat(HtmlWriter.write(List.of(same))).doesNotContain("Its network has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aba-abb", "copy-64", "copy-attention-64", "mlp"})
    void aCurveOfAnEarlierVersionIsShownAndSaysThatItsStringsWerePooled(String name)
            throws Exception {
        Page page = Reports.page(OLDER.resolve(name));
        assertThat(HtmlWriter.write(List.of(page)))
                .contains("counted the strings of all trials as one sample");
    }

    @Test
    void theDiagonalsOfEveryHeadAreShown() throws Exception {
        Path folder = COMMITTED.resolve("diagonals");
        Set<Double> shown = shown(Files.readString(folder.resolve(Reports.FILE)));
        JsonNode heads =
                new ObjectMapper().readTree(folder.resolve("inspect.json").toFile()).path("heads");
        assertThat(heads).hasSize(144 * 2 * 2);
        for (JsonNode head : heads) {
            assertThat(shown).contains(head.path("z").doubleValue());
            if (!head.path("folded").booleanValue()) {
                assertThat(shown).contains(head.path("trace_over_d").doubleValue());
            }
        }
    }

    @Tag("browser")
    @Test
    void allOfThemOnOnePageAskForNothingAndComplainOfNothing() throws Exception {
        Chromium chromium = Chromium.required(work);
        List<Page> pages = new ArrayList<>();
        for (Path json : results()) {
            pages.add(Reports.page(json.getParent()));
        }
        Path all = work.resolve("all.html");
        Reports.write(pages, all);
        assertThat(Files.size(all)).isLessThan(2_000_000);
        Chromium.Visit visit = chromium.open(all);
        assertThat(visit.requests()).isEmpty();
        assertThat(visit.complaints()).isEmpty();
        for (Path json : results()) {
            assertThat(shown(visit.dom())).containsAll(numbers(json));
        }
        for (Page page : pages) {
            assertThat(visit.dom())
                    .contains(
                            Written.unbroken(page.lead().get(0))
                                    .replace("\u00A0", "&nbsp;")
                                    .replace("<", "&lt;"));
        }
        for (int window : new int[] {360, 768, 1280}) {
            assertThat(chromium.widthOf(all, window)).isLessThanOrEqualTo(window);
        }
    }

    /** On a tablet and on a desk no table is cut off; on paper the numbers of charts stay away. */
    @Tag("browser")
    @ParameterizedTest
    @CsvSource({"tasks/order, 8", "shakespeare-europarl/1e-3, 7", "curves/aba-abb, 4"})
    void tablesFitTheWindowAndPagesFitFewSheets(String name, int sheets) throws Exception {
        Chromium chromium = Chromium.required(work);
        Path report = COMMITTED.resolve(name).resolve(Reports.FILE);
        assertThat(chromium.cutTables(report, 768)).isZero();
        assertThat(chromium.cutTables(report, 1280)).isZero();
        assertThat(chromium.cutTables(report, 320)).isPositive(); // the measure sees what is cut
        assertThat(chromium.printedPages(report)).isBetween(2, sheets);
    }

    @Tag("browser")
    @Test
    void theBrowserWouldTellOfRequestsErrorsAndWhatSticksOut() throws Exception {
        Chromium chromium = Chromium.required(work);
        Path page = work.resolve("bad.html");
        Files.writeString(
                page,
                """
                <!DOCTYPE html><title>bad</title><img src="http://elsewhere.test/dot.png" alt="">
                <script>console.error("broken")</script><div style="width:2000px">wide</div>
                """);
        Chromium.Visit visit = chromium.open(page);
        assertThat(visit.requests()).anyMatch(line -> line.contains("elsewhere.test"));
        assertThat(visit.complaints()).anyMatch(line -> line.contains("broken"));
        assertThat(chromium.widthOf(page, 360)).isGreaterThan(1900);
    }
}
