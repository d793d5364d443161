package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.wikitext.rows.ColumnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows are the same text in every format. */
class RecordsTest {

    private static final String TEXT = "a, b\n\"c\" \u00E9\n\nd\n";
    private static final String JSON_LINES =
            """
            {"id": 1, "text": "a, b"}
            {"text": "\\"c\\" \u00E9\\n", "x": [{}]}
            {"text": ""}
            {"text": "d"}
            """;

    @TempDir Path folder;

    private Path file(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (name.endsWith(".zst")) {
            bytes = Zstd.compress(bytes);
        } else if (name.toLowerCase(Locale.ROOT).endsWith(".gz")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(packed)) {
                out.write(bytes);
            }
            bytes = packed.toByteArray();
        }
        return Files.write(folder.resolve(name), bytes);
    }

    private String content(String name) {
        return switch (name.replaceFirst("\\.(gz|zst)$", "").replaceFirst(".*\\.", "")) {
            case "jsonl", "ndjson" -> JSON_LINES;
            case "json" -> "[" + JSON_LINES.strip().replace("}\n{", "},\n{") + "]";
            case "csv" -> "id,text\n1,\"a, b\"\n2,\"\"\"c\"\" \u00E9\"\n3,\"\"\n4,d\n";
            case "tsv" -> "text\tid\r\na, b\t1\r\n\"\"\"c\"\" \u00E9\"\t2\r\n\t3\r\nd\t4\r\n";
            default -> TEXT;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.jsonl",
                "a.ndjson",
                "a.json",
                "a.csv",
                "a.tsv",
                "a.txt.gz",
                "a.txt.zst",
                "A.JSONL.GZ",
                "a.jsonl.zst",
                "a.csv.gz",
                "a.tsv.zst"
            })
    void theSameRowsAreTheSameIdsAndDigestAsTheText(String name) throws IOException {
        Corpus text = Corpus.open(file("plain.txt", TEXT));
        Corpus records = Corpus.open(file(name, content(name.toLowerCase(Locale.ROOT))));
        assertThat(records.sha256()).isEqualTo(text.sha256());
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            TextEncoder encoder = Bytes.encoder(tokenizer);
            assertThat(ids(records.joined(encoder))).isEqualTo(ids(text.joined(encoder)));
            assertThat(CorpusTest.rows(encoder, records)).isEqualTo(CorpusTest.rows(encoder, text));
            boolean plain = records.layout() == Corpus.Layout.PLAIN;
            assertThat(records.rows(encoder).articles()).isEqualTo(plain ? 1 : 4);
        }
    }

    private static List<Integer> ids(Tokens tokens) {
        return IntStream.range(0, tokens.size()).map(tokens::id).boxed().toList();
    }

    @Test
    void severalFilesFollowEachOther() throws IOException {
        Path first = file("a.jsonl", "{\"text\": \"x\"}");
        Path second = file("b.jsonl.gz", "{\"text\": \"y\"}");
        assertThat(Corpus.open(List.of(first, second)).sha256())
                .isEqualTo(DigestUtils.sha256Hex("x\ny\n"));
        Path cut = file("c.txt", "x");
        assertThat(Corpus.open(List.of(cut, file("d.txt", "y"))).sha256())
                .isEqualTo(DigestUtils.sha256Hex("x\ny"));
        assertThatThrownBy(() -> Corpus.open(List.of(first, cut)))
                .hasMessageContaining("files of one format");
    }

    @Test
    void anotherColumnIsTakenByName() throws IOException {
        Path csv = file("a.csv", "x,y\n1,b\n");
        assertThat(Corpus.open(csv).sha256()).isEqualTo(DigestUtils.sha256Hex("1\n"));
        assertThat(Corpus.open(List.of(csv), Optional.of("y")).sha256())
                .isEqualTo(DigestUtils.sha256Hex("b\n"));
        TokenCache cache = new TokenCache(folder.resolve("cache"));
        assertThat(cache.sha256(Corpus.open(csv)))
                .isNotEqualTo(cache.sha256(Corpus.open(List.of(csv), Optional.of("y"))));
    }

    @Test
    void aColumnThatIsMissingIsNamedWithItsPlace() throws IOException {
        Corpus json = Corpus.open(file("a.jsonl", "{\"text\": \"\"}\n{\"content\": \"a\"}\n"));
        assertThatThrownBy(json::sha256)
                .isInstanceOf(ColumnException.class)
                .hasMessageContaining("a.jsonl: line 2")
                .hasMessageContaining("expected a column \"text\", found [content]");
        Corpus csv = Corpus.open(List.of(file("a.csv", "x\n1\n")), Optional.of("z"));
        assertThatThrownBy(csv::sha256).isInstanceOf(ColumnException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\": 5}",
                "{\"text\": null}",
                "{\"text\": ",
                "5",
                "[{\"text\": \"a\"}",
                "[{\"text\": \"a\"}] 5",
                "no json"
            })
    void recordsThatAreDamagedAreRefusedByFileAndLine(String content) throws IOException {
        Corpus corpus = Corpus.open(file("a.json", content));
        assertThatThrownBy(corpus::sha256)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("a.json: line 1: ");
    }

    @Test
    void tablesThatAreDamagedAreRefusedByFileAndLine() throws IOException {
        Corpus quote = Corpus.open(file("a.csv", "text\n\"a\n"));
        assertThatThrownBy(quote::sha256).hasMessageContaining("a.csv: line ");
        Corpus narrow = Corpus.open(file("b.csv", "id,text\n1\n"));
        assertThatThrownBy(narrow::sha256).hasMessageContaining("expected at least 2 columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.tsv", "a.jsonl", "a.ids.jsonl", "a.txt", "a.raw"})
    void bytesThatAreNotUtf8AreNamedWithFileAndOffset(String name) throws IOException {
        byte[] begin =
                (name.endsWith("sv") ? "text\nab" : "[\"ab").getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(begin, begin.length + 2);
        content[begin.length] = (byte) 0xE9; // Latin-1
        content[begin.length + 1] = '"';
        Corpus corpus = Corpus.open(Files.write(folder.resolve(name), content));
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            assertThatThrownBy(() -> corpus.rows(Bytes.encoder(tokenizer)))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(
                            name
                                    + ": not UTF-8 at byte offset %d: unexpected byte 0xE9"
                                            .formatted(begin.length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt", "a.csv.gz"})
    void aByteOrderMarkIsNoText(String name) throws IOException {
        Corpus plain = Corpus.open(file("plain.txt", TEXT));
        Corpus marked = Corpus.open(file(name, "\uFEFF" + content(name)));
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            TextEncoder encoder = Bytes.encoder(tokenizer);
            assertThat(ids(marked.joined(encoder))).isEqualTo(ids(plain.joined(encoder)));
        }
    }

    @Test
    void whatAParserWouldChangeIsRefused() throws IOException {
        Corpus twice = Corpus.open(file("a.jsonl", "{\"text\": \"a\", \"text\": \"b\"}"));
        assertThatThrownBy(twice::sha256)
                .hasMessageContaining("line 1: the key \"text\" stands twice in a record");
        Corpus half = Corpus.open(file("b.jsonl", "{\"text\": \"\\ud800 x\"}"));
        assertThatThrownBy(half::sha256).hasMessageContaining("half of a surrogate pair");
        Corpus whole = Corpus.open(file("c.jsonl", "{\"text\": \"\\ud83d\\ude00\"}"));
        assertThat(whole.sha256()).isEqualTo(DigestUtils.sha256Hex("\uD83D\uDE00\n"));
    }

    @Test
    void aParsersOwnAffairsAreNotSaid() throws IOException {
        Corpus cut = Corpus.open(file("a.json", "[{\"text\": \"a\"}"));
        assertThatThrownBy(cut::sha256).hasMessageNotContaining("StreamReadFeature");
        Corpus deep = Corpus.open(file("b.jsonl", "{\"a\":".repeat(2000)));
        assertThatThrownBy(deep::sha256).hasMessageNotContaining("StreamReadConstraints");
    }

    @Test
    void theFirstDocumentsAreATextOfTheirOwn() throws IOException {
        Corpus records = Corpus.open(file("a.jsonl", JSON_LINES)).first(2);
        assertThat(records.name()).endsWith("a.jsonl (first 2 documents)");
        assertThat(records.sha256()).isEqualTo(DigestUtils.sha256Hex("a, b\n\"c\" \u00E9\n"));
        Corpus lines = Corpus.open(file("a.txt", TEXT)).first(1);
        assertThat(lines.name()).endsWith("(first 1 lines)");
        assertThat(lines.sha256()).isEqualTo(DigestUtils.sha256Hex("a, b\n"));
        Corpus ids = Corpus.open(file("a.ids.jsonl", "[1]\n[2]\n")).first(1);
        assertThat(ids.sha256()).isEqualTo(DigestUtils.sha256Hex("[1]\n"));
        Corpus wiki = Corpus.open(file("a.raw", " = A = \n b \n = C = \n d \n")).first(1);
        assertThat(wiki.sha256()).isEqualTo(DigestUtils.sha256Hex(" = A = \n b \n"));
    }

    @Test
    void headingsOfWikiTextMakeRecordsWikiText() throws IOException {
        Path wiki = file("w.jsonl", "{\"text\": \"\"}\n{\"text\": \" = A = \\n\"}\n");
        assertThat(Corpus.open(wiki).layout()).isEqualTo(Corpus.Layout.WIKITEXT);
    }
}
