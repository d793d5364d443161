package org.diagonal.wikitext.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.wikitext.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file in another format is named as such, not measured as text. */
class FormatsTest {

    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";

    @TempDir Path folder;

    private void refused(String name, String content, String words) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Corpus.open(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.jsonl | [1, 2, 3] | holds token ids, as it seems: then its name must end with",
                "a.jsonl | [17 | holds token ids",
                "a.xlsx | x | is a table, which is not read; save it as .csv, .jsonl or .parquet",
                "a.txt.gz | x | cannot be decompressed",
                "a.jsonl.zst | x | cannot be decompressed",
                "a.tar.gz | x | is compressed in a way that is not read; unpack it first",
                "a.parquet.gz | x | is compressed, and parquet already is inside",
                "a.bin | a\u0000b | is not text: it contains a byte of value 0",
                "a.pdf | %PDF-1.7 | is a document, which is not read; save it as plain text",
                "a.parquet | <!DOCTYPE html><html> | is an HTML page, not parquet",
                "a.txt | PAR1xxxx | is parquet, by its first bytes",
                "a.csv | <!DOCTYPE html><html> | is an HTML page, not the text: download the file",
                "a.jsonl | <html> | is an HTML page, not the text",
                "a.raw | <!doctype HTML> | is an HTML page, not the text",
                "a.txt.gz | <!DOCTYPE html><html> | is an HTML page, not the text",
                "a.csv.zst | <!DOCTYPE html><html> | is an HTML page, not the text",
                "a.txt | o\u0000l\u0000d\u0000 | it contains a byte of value 0, as UTF-16 does",
                "a.txt.gz | `` | is empty, expected gzip"
            })
    void otherFormatsAreNamed(String name, String content, String words) throws IOException {
        refused(name, content, words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.txt", "a.raw", "a.parquet", "a.ids.jsonl", "a", "a.csv.gz", "a.txt.zst"})
    void aPointerIsNotWhatItPointsTo(String name) throws IOException {
        refused(name, LFS, "is a Git LFS pointer, not the text that it points to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00FF\u00FEa\u0000", "\u00FE\u00FF\u0000a"})
    void otherEncodingsAreNamed(String content) throws IOException {
        refused("a.txt", content, "is UTF-16, expected UTF-8");
        refused("a.raw", content, "is UTF-16, expected UTF-8");
    }

    @Test
    void packedTextIsKnownByItsFirstBytes() throws IOException {
        refused("a.txt", "\u001F\u008B\b", "is compressed by gzip: its name must end with .gz");
        refused("a.txt", "(\u00B5/\u00FD", "by zstd: its name must end with .zst");
        refused("b.raw", "PK\u0003\u0004", "is compressed in a way that is not read");
    }

    @Test
    void damagedParquetIsNamedWithoutTheLibrarysObjects() throws IOException {
        Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1 and no more than that");
        assertThatThrownBy(() -> Corpus.open(file).size())
                .hasMessageStartingWith(file + ": cannot be read as parquet: ")
                .hasMessageNotContaining("@")
                .hasMessageNotContaining("ParquetReader");
    }

    @Test
    void textOfAnyOtherNameIsText() throws IOException {
        for (String name : new String[] {"a.txt", "README", "a.md", "a.tex", "a.java"}) {
            Path file = Files.writeString(folder.resolve(name), "{\"text\": 1}\n");
            assertThat(Corpus.open(file).layout()).isEqualTo(Corpus.Layout.PLAIN);
        }
    }
}
