package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.eval.kernel.KernelPage;
import org.diagonal.eval.kernel.TaskKernel;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.HtmlWriter;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code diagonal kernel} from end to end. */
final class KernelCommandTest {

    private static final Path COMMITTED = Path.of(System.getProperty("diagonal.root"), "reports");

    @TempDir Path work;

    private static Toy.Result run(Object... words) {
        return Tiny.run(words);
    }

    private static List<String> lines(Object... words) {
        Toy.Result result = run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        return result.out().lines().toList();
    }

    /** The words of a row of the page of a folder. */
    private static List<String> row(Path folder, String caption, String... first)
            throws IOException {
        Table table =
                KernelPage.of(folder, "page").sections().stream()
                        .flatMap(section -> section.blocks().stream())
                        .filter(Listing.class::isInstance)
                        .map(block -> ((Listing) block).table())
                        .filter(one -> one.caption().startsWith(caption))
                        .findFirst()
                        .orElseThrow();
        return table.rows().stream()
                .map(row -> row.stream().map(Table.Cell::words).toList())
                .filter(row -> row.subList(0, first.length).equals(List.of(first)))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode json(String folder) throws IOException {
        return new ObjectMapper().readTree(work.resolve(folder).resolve(TaskKernel.FILE).toFile());
    }

    @Test
    void aTasksKernelIsShownAndLeft() throws Exception {
        Path out = work.resolve("out");
        List<String> lines =
                lines(
                        "kernel",
                        "--data",
                        "task:aba-abb",
                        "--n",
                        "16,64",
                        "--points",
                        "256",
                        "--against",
                        COMMITTED.resolve("curves/aba-abb"),
                        "--quiet",
                        "--out",
                        out);
        assertThat(lines).anyMatch(line -> line.matches("a = 0 +4\\.3\\de-4 ± .* 2,0\\d\\d ± .*"));
        assertThat(lines).anyMatch(line -> line.startsWith("a = 0: N is nonsingular (λ_min = 4.3"));
        assertThat(lines).anyMatch(line -> line.contains("qk, paper"));
        JsonNode json = json("out");
        assertThat(json.path("version").asInt()).isEqualTo(1);
        assertThat(json.path("task").path("sha256").asText()).hasSize(64);
        assertThat(json.path("kernel").path("mask_diagonal").isBoolean()).isTrue();
        assertThat(json.path("N").path(0).path(1).asDouble()).isBetween(0.29, 0.30);
        assertThat(json.path("N_error")).hasSize(2);
        assertThat(json.path("resolved").asBoolean()).isTrue();
        assertThat(json.path("curve").path(1).path("n").asInt()).isEqualTo(64);
        assertThat(json.path("curve").path(1).path("closed_form").asDouble()).isBetween(.8, .95);
        assertThat(json.path("mlp").path("singular").asBoolean()).isTrue();
        assertThat(json.path("trained").size()).isEqualTo(4); // none and qk, ours and the paper's
        assertThat(Files.readString(out.resolve("kernel.csv")))
                .startsWith("task,curve,a,n,alphabet,loss,se,closed_form\naba-abb,kernel,0,16,16,");
        String page = Files.readString(out.resolve("report.html"));
        assertThat(page)
                .contains("The kernel of aba-abb")
                .contains("value=\"" + json.path("n_for_loss_0_1").asDouble() + "\"");
    }

    @Test
    void equalSeedsGiveEqualBytesWhateverTheThreads() throws Exception {
        for (int threads = 1; threads <= 3; threads += 2) {
            lines(
                    "kernel",
                    "--data",
                    "task:majority-4",
                    "--n",
                    "32",
                    "--a",
                    "0,1",
                    "--points",
                    "64",
                    "--widths",
                    "8",
                    "--threads",
                    threads,
                    "--quiet",
                    "--out",
                    work.resolve("t" + threads));
        }
        for (String file : List.of("kernel.json", "kernel.csv")) {
            assertThat(work.resolve("t3").resolve(file))
                    .hasSameBinaryContentAs(work.resolve("t1").resolve(file));
        }
        lines(
                "kernel",
                "--data",
                "task:majority-4",
                "--n",
                "32",
                "--points",
                "64",
                "--seed",
                "43",
                "--quiet",
                "--out",
                work.resolve("other"));
        assertThat(json("other").path("N")).isNotEqualTo(json("t1").path("N"));
    }

    @ParameterizedTest
    @CsvSource({"--beta", "--gamma"})
    void aSingularKernelSaysWhatItCannotTellApart(String option) throws Exception {
        List<String> lines =
                lines(
                        "kernel",
                        "--data",
                        "task:aba-abb",
                        "--n",
                        "16",
                        "--points",
                        "64",
                        option,
                        "0",
                        "--quiet",
                        "--out",
                        work);
        assertThat(row(work, "Kernels", "a = 0")).startsWith("a = 0", "0").endsWith("∞");
        assertThat(lines)
                .contains(
                        "a = 0: N is singular; no number of samples is enough.",
                        "a = 0: the kernel cannot tell αβα from αββ.");
        JsonNode json = json("");
        assertThat(json.path("lambda_min").asDouble()).isZero();
        assertThat(json.path("resolved").asBoolean()).isFalse();
        assertThat(json.path("n_for_loss_0_1").isNull()).isTrue();
        assertThat(json.path("n_for_loss_0_1_state").asText()).isEqualTo("infinite");
    }

    @Test
    void whatIsNotResolvedIsNoNumber() throws Exception {
        lines(
                "kernel",
                "--data",
                "task:aba-abb",
                "--n",
                "16",
                "--points",
                "32",
                "--shifts",
                "2",
                "--a",
                "40",
                "--quiet",
                "--out",
                work);
        assertThat(row(work, "Kernels", "a = 40"))
                .startsWith("a = 40", "not resolved")
                .endsWith("not resolved");
        assertThat(row(work, "Loss on unseen symbols", "16")).startsWith("16", "not resolved");
        assertThat(KernelPage.of(work, "page").lead())
                .startsWith(
                        "a = 40: whether N is singular is not resolved; how many samples it takes"
                                + " is not resolved.",
                        "Not resolved: the smallest eigenvalue of N is within three standard errors"
                                + " of 0; more points may resolve it.");
        assertThat(json("").path("lambda_min").isNull()).isTrue();
        assertThat(json("").path("condition").isNull()).isTrue();
        assertThat(json("").path("n_for_loss_0_1").isNull()).isTrue();
    }

    @Test
    void copyingHasRatesAndShares() throws Exception {
        List<String> lines =
                lines(
                        "kernel",
                        "--data",
                        "task:copy",
                        "--widths",
                        "64",
                        "--networks",
                        "4",
                        "--against",
                        COMMITTED.resolve("curves/copy-attention-64"),
                        "--out",
                        work);
        assertThat(lines)
                .anyMatch(line -> line.matches("64 +50 +-0\\.03\\d+ +-0\\.03\\d+ +-0\\.01\\d+ .*"));
        assertThat(row(work, "Share n / (n + d)", "64")).containsExactly("64", "0.500");
        assertThat(row(work, "The same with b", "64").get(2)).startsWith("-0.9");
        assertThat(row(work, "Where the error", "none, paper", "4096")).hasSize(4);
        assertThat(row(work, "Where the error", "attention none, trained")).contains("64");
        assertThat(json("").path("kind").asText()).isEqualTo("copying");
        assertThat(Files.readString(work.resolve("report.html"))).contains("Copying: how much");
    }

    @Test
    void allTasksAreRanked() throws Exception {
        List<String> lines =
                lines(
                        "kernel",
                        "--all-tasks",
                        "--points",
                        "32",
                        "--shifts",
                        "3",
                        "--quiet",
                        "--out",
                        work);
        assertThat(lines).anyMatch(line -> line.matches("majority-8 +128 .* > 8192"));
        assertThat(row(work, "Spearman", "all tasks")).contains("43");
        JsonNode correlations = json("").path("correlations");
        assertThat(correlations.path(0).path("curves").asInt()).isGreaterThan(40);
        assertThat(correlations.path(1).path("rank").asDouble()).isGreaterThan(0.9);
        assertThat(Files.readString(work.resolve("report.html"))).contains("predicted and trained");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task:symbolic-programs | symbolic-programs has symbolic labels, and the kernel"
                        + " predicts real ones; of symbolic tasks only copying has a theory:"
                        + " --data task:copy",
                "task:aba-abb --alphabet 1 | the alphabet is smaller than the wildcards of a"
                        + " template: alphabet=1, wildcards=2",
                "task:aba-abb --points 1000 | points must be a power of two from 32 on: 1000",
                "task:aba-abb --shifts 1 | shifts must be 2 or more: 1",
                "task:aba-abb --beta 100 | beta must be from 0 to 64: 100.0",
                "task:majority-8 --depth 2 | too many patterns for two layers: 892 strings of 9"
                        + " tokens are 8,028 rows, and at most 3,000 are possible",
                "task:copy --n 200 | the alphabet must have more tokens than are trained on:"
                        + " alphabet=150, n=200"
            })
    void whatCannotBeComputedIsRefusedInOneLineAndLeavesNothing(String words, String message) {
        Path out = work.resolve("none");
        Object[] all = ("kernel --quiet --out " + out + " --data " + words).split(" ");
        Toy.Result result = run(all);
        assertThat(result.errors()).containsExactly("diagonal kernel: " + message);
        assertThat(result.code()).isEqualTo(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void aFileIsReadStrictly() throws Exception {
        lines(
                "kernel",
                "--data",
                "task:aba-abb",
                "--n",
                "8",
                "--points",
                "32",
                "--quiet",
                "--out",
                work);
        Path file = work.resolve(TaskKernel.FILE);
        TaskKernel read = TaskKernel.FORM.readFile(file);
        assertThat(TaskKernel.FORM.text(read)).isEqualTo(Files.readString(file));
        ObjectNode node = (ObjectNode) json("");
        for (String fault : List.of("more", "less", "newer", "damaged")) {
            ObjectNode other = node.deepCopy();
            switch (fault) {
                case "more" -> other.put("more", 1);
                case "less" -> other.remove("lambda_max");
                case "newer" -> other.put("version", 2);
                default -> other.put("lambda_max", "many");
            }
            Files.writeString(file, other.toString());
            Toy.Result result = run("report", work);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors())
                    .singleElement()
                    .asString()
                    .startsWith("diagonal report: " + file + ": ")
                    .contains(
                            fault.equals("more")
                                    ? "more"
                                    : fault.equals("newer") ? "newer" : "lambda_max");
        }
    }

    @Test
    void curvesOfAnotherTaskAreRefused() {
        Toy.Result result =
                run(
                        "kernel",
                        "--data",
                        "task:aba-abb",
                        "--against",
                        COMMITTED.resolve("curves/same-different"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains("curve.json: is a curve of another task, same-different");
    }

    static List<Path> committed() throws IOException {
        try (Stream<Path> files = Files.walk(COMMITTED.resolve("kernel"))) {
            return files.filter(file -> file.endsWith(TaskKernel.FILE)).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("committed")
    void theReportBesideACommittedKernelShowsItsNumbers(Path file) throws Exception {
        Path report = file.resolveSibling("report.html");
        assertThat(Files.size(report)).isLessThan(250_000);
        Page page = KernelPage.of(file.getParent(), "page");
        assertThat(page.lead()).isNotEmpty();
        assertThat(page.figures()).isNotEmpty();
        String made = HtmlWriter.write(List.of(page));
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        List<JsonNode> numbers = new ArrayList<>();
        for (String key :
                List.of("lambda_min", "lambda_max", "n_for_loss_0_1", "loss", "unseen_M")) {
            numbers.addAll(root.findValues(key));
        }
        numbers.removeIf(number -> !number.isNumber());
        assertThat(numbers).hasSizeGreaterThan(6);
        for (JsonNode number : numbers) {
            String shown = "value=\"" + number.doubleValue() + "\"";
            assertThat(made).contains(shown);
            assertThat(Files.readString(report)).contains(shown);
        }
    }

    @Test
    void networksOfAFiniteWidthAreShownByTheirNumbersAlone() {
        assertThat(
                        lines(
                                "kernel",
                                "--data",
                                "task:aba-abb",
                                "--n",
                                "16",
                                "--points",
                                "32",
                                "--widths",
                                "8,16",
                                "--networks",
                                "2",
                                "--quiet"))
                .contains("Root mean square distance of random networks from the kernel")
                .anyMatch(line -> line.matches("16 +2 +0\\.\\d+ +0\\.\\d+ +0\\.\\d+"));
    }

    @Test
    void withoutDrawsTheClosedFormIsShown() throws Exception {
        List<String> lines =
                lines(
                        "kernel",
                        "--data",
                        "task:match-to-sample",
                        "--trials",
                        "0",
                        "--n",
                        "64,1024",
                        "--points",
                        "32",
                        "--quiet",
                        "--out",
                        work);
        assertThat(lines).contains("Loss on unseen symbols after n samples, by the closed form");
        assertThat(row(work, "Loss on", "1024")).contains("1.000").noneMatch(w -> w.contains("±"));
        JsonNode point = json("").path("curve").path(0);
        assertThat(point.path("loss").isNull()).isTrue();
        assertThat(point.path("closed_form").isNumber()).isTrue();
        assertThat(Files.readString(work.resolve("report.html"))).contains("by the closed form");
    }
}
