package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFolderTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "wiki.train.raw, TRAIN, WIKITEXT",
        "wiki.valid.tokens, VALIDATION, WIKITEXT",
        "wiki.validation.raw, VALIDATION, WIKITEXT",
        "validation.txt, VALIDATION, PLAIN",
        "valid.txt, VALIDATION, PLAIN",
        "test.txt, TEST, PLAIN",
        "train.ids.jsonl, TRAIN, IDS",
        "validation.parquet, VALIDATION, WIKITEXT",
        "test-00000-of-00001.parquet, TEST, WIKITEXT",
    })
    void aSplitIsFoundByTheNamesThatUsersHave(String name, Split split, Corpus.Layout layout)
            throws IOException {
        touch(name);
        Corpus corpus = new DataFolder(folder).open(split);
        assertThat(corpus.files()).containsExactly(folder.resolve(name));
        assertThat(corpus.layout()).isEqualTo(layout);
    }

    @Test
    void shardsAreOneTextInOrder() throws IOException {
        touch("train-00001-of-00002.parquet");
        touch("train-00000-of-00002.parquet");
        assertThat(new DataFolder(folder).files(Split.TRAIN))
                .containsExactly(
                        folder.resolve("train-00000-of-00002.parquet"),
                        folder.resolve("train-00001-of-00002.parquet"));
    }

    @Test
    void aMissingShardIsNoticed() throws IOException {
        touch("train-00001-of-00002.parquet");
        assertThatThrownBy(() -> new DataFolder(folder).files(Split.TRAIN))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("expected all of 2 shards");
    }

    @Test
    void aMissingSplitSaysWhatWasLookedForAndWhere() throws IOException {
        touch("wiki.train.raw");
        DataFolder data = new DataFolder(folder);
        assertThatThrownBy(() -> data.open(Split.VALIDATION))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("wiki.valid.raw")
                .hasMessageContaining("wiki.valid.tokens")
                .hasMessageContaining("validation-*.parquet")
                .hasMessageContaining("valid.txt")
                .hasMessageNotContaining("\n");
    }

    @Test
    void twoTextsOfASplitAreRefused() throws IOException {
        touch("wiki.test.raw");
        touch("test.txt");
        assertThatThrownBy(() -> new DataFolder(folder).open(Split.TEST))
                .hasMessageContaining("[wiki.test.raw, test.txt]");
    }

    @Test
    void whatIsNoFolderIsRefused() throws IOException {
        touch("file");
        assertThatThrownBy(() -> new DataFolder(folder.resolve("file")))
                .isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> new DataFolder(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @CsvSource({"train, TRAIN", "valid, VALIDATION", "validation, VALIDATION", "test, TEST"})
    void splitsAreNamed(String name, Split split) {
        assertThat(Split.parse(name)).isEqualTo(split);
        assertThat(Split.parse(split.toString())).isEqualTo(split);
    }

    @Test
    void anUnknownSplitIsRefused() {
        assertThatThrownBy(() -> Split.parse("dev"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"dev\"")
                .hasMessageContaining("train, validation or test");
    }

    private void touch(String name) throws IOException {
        Files.createFile(folder.resolve(name));
    }
}
