package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsCorpusTest {

    private static final TextEncoder TEN = TextEncoder.idsOnly(10);

    @TempDir Path folder;

    @Test
    void aLineIsARowAnArticleAndADocument() throws IOException {
        Corpus corpus = write("[1, 2,3]\r\n[]\n\n[9]");
        for (Tokens tokens : List.of(corpus.rows(TEN), corpus.joined(TEN))) {
            int[] ids = new int[4];
            tokens.copy(0, ids);
            assertThat(ids).containsExactly(1, 2, 3, 9);
            assertThat(tokens.size()).isEqualTo(4);
            assertThat(tokens.rows()).isEqualTo(3);
            assertThat(tokens.articles()).isEqualTo(3);
            assertThat(tokens.articleOf(3)).isEqualTo(2);
        }
        List<Document> documents = corpus.documents(TEN);
        assertThat(documents).hasSize(2);
        assertThat(documents.get(0).ids().get(2)).isEqualTo(3);
        assertThat(documents.get(0).words()).isEmpty();
        assertThat(documents.get(0).bytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1",
                "1",
                "{\"a\":1}",
                "[1.5]",
                "[\"1\"]",
                "[[1]]",
                "[1] [2]",
                "[1,]",
                "null",
                "[99999999999999999999]",
                "[true]",
                "x"
            })
    void aBadLineIsNamedWithItsNumber(String line) throws IOException {
        Corpus corpus = write("[1]\n" + line + "\n[2]\n");
        assertThatThrownBy(() -> corpus.rows(TEN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("t.ids.jsonl: line 2: expected a JSON array of token ids")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "10", "4294967296"})
    void anIdOutsideTheVocabularyIsRefused(String id) throws IOException {
        Corpus corpus = write("[1]\n[" + id + "]\n");
        assertThatThrownBy(() -> corpus.documents(TEN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "line 2: token id " + id + " is outside the vocabulary of 10");
    }

    private Corpus write(String lines) throws IOException {
        return Corpus.open(Files.writeString(folder.resolve("t.ids.jsonl"), lines));
    }
}
