package org.diagonal.eval.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportIndexTest {

    private static final Path COMMITTED = Path.of(System.getProperty("diagonal.root"), "reports");

    @TempDir Path work;

    @Test
    void theCommittedIndexIsUpToDate() throws Exception {
        assertThat(COMMITTED.resolve("README.md"))
                .as("./diagonal report --index reports makes it")
                .hasContent(ReportIndex.text(COMMITTED));
    }

    @Test
    void everyEntryHasItsCommandCommitDateAndSentence() throws Exception {
        Path group = Files.createDirectories(work.resolve("some"));
        Files.writeString(
                group.resolve("README.md"),
                """
                # Some title

                    ./diagonal compare --seeds 3

                on 2026-11-22 at
                commit 0123456789ab, 2 threads.
                """);
        assertThat(ReportIndex.text(work))
                .contains(
                        "## Some title\n\n[some/README.md](some/README.md), 2026-11-22, commit"
                                + " 0123456789ab\n\n    ./diagonal compare --seeds 3\n");
        Path result = Files.createDirectories(group.resolve("result"));
        Path old =
                Path.of(System.getProperty("diagonal.root"))
                        .resolve("eval/src/test/resources/results-of-0.1.0");
        Files.copy(
                old.resolve("shakespeare-europarl/compare.json"), result.resolve("compare.json"));
        Files.createFile(result.resolve("report.html"));
        Path within = Files.createDirectories(result.resolve("none-seed42"));
        Files.copy(old.resolve("copy-64/curve.json"), within.resolve("curve.json"));
        assertThat(ReportIndex.text(work))
                .contains("2026-11-22, commit 3f28d2ad0c8d\n")
                .contains(
                        "(some/result, [report](some/result/report.html)). No significant difference in"
                                + " perplexity between both and none (95 %")
                .doesNotContain("none-seed42");
    }

    @Test
    void whatSomebodyConcludesComesBeforeTheResults() throws Exception {
        Path group = Files.createDirectories(work.resolve("some"));
        Files.writeString(group.resolve("README.md"), "# Some title\n");
        Files.writeString(work.resolve("findings.md"), "\nIt holds.\n\n");
        assertThat(ReportIndex.text(work))
                .startsWith("# Reports\n\nIt holds.\n\n## All results\n\nCommitted results");
    }

    /**
     * Run folders hold model cards named README.md: they make nobody's folder the committed one.
     */
    @Test
    void somebodysOwnFolderListsItsResultsOnce() throws Exception {
        Path old =
                Path.of(System.getProperty("diagonal.root"))
                        .resolve("eval/src/test/resources/results-of-0.1.0");
        Path comparison = Files.createDirectories(work.resolve("first"));
        Files.copy(
                old.resolve("shakespeare-europarl/compare.json"),
                comparison.resolve("compare.json"));
        Files.writeString(comparison.resolve("README.md"), "# GPT-2 with identity scalings\n");
        Path within = Files.createDirectories(comparison.resolve("none-seed42"));
        Files.copy(old.resolve("copy-64/curve.json"), within.resolve("curve.json"));
        Path curve = Files.createDirectories(work.resolve("deep/second"));
        Files.copy(old.resolve("copy-64/curve.json"), curve.resolve("curve.json"));
        assertThat(ReportIndex.text(work))
                .startsWith("# Reports\n\nThe results in this folder.")
                .contains("report --index " + work, "both against none** (first)", "(deep/second)")
                .doesNotContain("Committed", "none-seed42", "identity scalings\n");
    }

    @Test
    void theIndexIsWrittenWhereItBelongs() throws Exception {
        assertThat(ReportIndex.write(work)).isEqualTo(work.resolve("README.md")).exists();
    }

    @Test
    void anotherReadmeIsNotOverwritten() throws Exception {
        Path readme = Files.writeString(work.resolve("README.md"), "# Mine\n");
        assertThatThrownBy(() -> ReportIndex.write(work))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is no index and not overwritten");
        assertThat(readme).hasContent("# Mine");
    }

    @Test
    void aFolderThatCannotBeListedIsRefused() throws Exception {
        assertThatThrownBy(() -> ReportIndex.text(work.resolve("none")))
                .isInstanceOf(NotDirectoryException.class);
        Files.createDirectory(work.resolve("bare"));
        Files.writeString(work.resolve("bare/README.md"), "words");
        assertThatThrownBy(() -> ReportIndex.text(work))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("has no heading");
    }
}
