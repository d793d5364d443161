package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.wikitext.rows.Lines;
import org.diagonal.wikitext.rows.TextLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real WikiText against figures that Python computed from the same files. */
class WikiTextTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "wikitext-2-raw, TEST, 4358, 62",
        "wikitext-2-raw, VALIDATION, 3760, 60",
        "wikitext-2, TEST, 4358, 62",
        "wikitext-2, VALIDATION, 3760, 60"
    })
    void linesAndArticlesAreThoseOfTheDataSets(String name, Split split, int lines, int articles)
            throws IOException {
        Path file = new DataFolder(real(name)).files(split).get(0);
        Articles finder = new Articles(Corpus.Layout.WIKITEXT);
        int begun = 0;
        int read = 0;
        try (Lines all = new TextLines("x", Files.newInputStream(file))) {
            while (all.next()) {
                read++;
                begun += finder.begins(all.line()) ? 1 : 0;
            }
        }
        assertThat(read).isEqualTo(lines);
        assertThat(begun).isEqualTo(articles);
    }

    @Test
    void theTestSplitHasTheSizesOfTheDataSets() throws IOException {
        Corpus corpus = new DataFolder(real("wikitext-2-raw")).open(Split.TEST);
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            TextEncoder encoder = Bytes.encoder(tokenizer);
            Tokens rows = corpus.rows(encoder);
            assertThat(rows.rows()).isEqualTo(4358);
            assertThat(rows.articles()).isEqualTo(62);
            assertThat(rows.size()).isEqualTo(1_287_656);
            Tokens joined = corpus.joined(encoder);
            assertThat(joined.size()).isEqualTo(1_296_370);
            assertThat(joined.articles()).isEqualTo(62);
            for (int i = 1; i < joined.articles(); i++) {
                int start = joined.articleStart(i);
                assertThat(Bytes.text(joined, start - 2, start + 3)).isEqualTo("\n\n = ");
            }
            List<Document> documents = corpus.documents(encoder);
            assertThat(documents).hasSize(62);
            assertThat(documents.stream().mapToLong(d -> d.words().getAsLong()).sum())
                    .isEqualTo(241_335);
            assertThat(documents.stream().mapToLong(d -> d.bytes().getAsLong()).sum())
                    .isEqualTo(1_290_527);
            assertThat(documents.stream().mapToLong(d -> d.ids().remaining()).sum())
                    .isEqualTo(1_240_466);
        }
    }

    private static Path real(String name) {
        Path folder = Path.of(System.getProperty("diagonal.shared")).resolve("wikitext/" + name);
        assumeTrue(Files.isDirectory(folder), () -> "no real WikiText at " + folder);
        return folder;
    }
}
