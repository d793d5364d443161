package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {

    private static final List<String> ROWS =
            List.of("", " = A = \n", "", " a \u00E9 . \n", "", " = B = \n", "", " b , c \n", "");

    @TempDir Path folder;

    @Test
    void parquetIsTheSameTextAsTheFileItWasMadeFrom() throws IOException {
        StringBuilder raw = new StringBuilder();
        ROWS.forEach(row -> raw.append(row.isEmpty() ? " \n" : row));
        Corpus file = Corpus.open(Files.writeString(folder.resolve("t.raw"), raw));
        Path first = write("t-0.parquet", "text", ROWS.subList(0, 4));
        Path last = write("t-1.parquet", "text", ROWS.subList(4, ROWS.size()));
        Corpus parquet = Corpus.open(List.of(first, last));
        assertThat(parquet.size()).isEqualTo(ROWS.size());
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            TextEncoder encoder = Bytes.encoder(tokenizer);
            assertThat(CorpusTest.rows(encoder, parquet)).isEqualTo(ROWS);
            assertThat(parquet.documents(encoder)).isEqualTo(file.documents(encoder)).hasSize(2);
            assertThat(parquet.rows(encoder).articles()).isEqualTo(2);
            assertThat(parquet.joined(encoder).size()).isEqualTo(file.joined(encoder).size());
        }
    }

    @Test
    void theDigestIsOfTheRowsHoweverTheyAreSharded() throws IOException {
        Path whole = write("w.parquet", "text", ROWS);
        Path first = write("t-0.parquet", "text", ROWS.subList(0, 4));
        Path last = write("t-1.parquet", "text", ROWS.subList(4, ROWS.size()));
        assertThat(Corpus.open(whole).sha256())
                .isEqualTo(DigestUtils.sha256Hex(String.join("", ROWS)))
                .isEqualTo(Corpus.open(List.of(first, last)).sha256());
    }

    @Test
    void anotherColumnIsNamed() throws IOException {
        Corpus corpus = Corpus.open(write("t.parquet", "content", ROWS));
        assertThatThrownBy(corpus::sha256)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("t.parquet")
                .hasMessageContaining("expected a column \"text\", found [content]");
    }

    @Test
    void aFileThatIsNoParquetIsNamed() throws IOException {
        Corpus corpus = Corpus.open(Files.writeString(folder.resolve("t.parquet"), "no parquet"));
        assertThatThrownBy(corpus::sha256)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("t.parquet")
                .hasMessageContaining("cannot be read as parquet");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        Path file = write("t.parquet", "text", ROWS);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Corpus corpus = Corpus.open(file);
        assertThatThrownBy(corpus::sha256)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("t.parquet");
    }

    @Test
    void aColumnThatIsNotTextIsRefused() throws IOException {
        PrimitiveType number = Types.required(PrimitiveTypeName.INT32).named("text");
        Path file = folder.resolve("t.parquet");
        try (ParquetWriter<Integer> writer =
                ParquetWriter.writeFile(
                        new MessageType("rows", number),
                        file.toFile(),
                        (row, out) -> out.write("text", row))) {
            writer.write(5);
        }
        assertThatThrownBy(() -> Corpus.open(file).sha256())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("expected strings in the column \"text\"")
                .hasMessageContaining("int32");
    }

    @Test
    void aRowWithoutTextIsRefused() throws IOException {
        Path file = folder.resolve("t.parquet");
        try (ParquetWriter<String> writer =
                ParquetWriter.writeFile(text("text"), file.toFile(), (row, out) -> {})) {
            writer.write("");
        }
        assertThatThrownBy(() -> Corpus.open(file).sha256())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("a row has no text");
    }

    private static MessageType text(String column) {
        return new MessageType(
                "rows",
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column));
    }

    private Path write(String name, String column, List<String> rows) throws IOException {
        Path file = folder.resolve(name);
        try (ParquetWriter<String> writer =
                ParquetWriter.writeFile(
                        text(column), file.toFile(), (row, out) -> out.write(column, row))) {
            for (String row : rows) {
                writer.write(row);
            }
        }
        return file;
    }
}
