package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

    private static final String TWO_ARTICLES =
            " \n = A = \n \n a b\u2014\uD83D\uDE00 \n = = S = = \n \n = B = \n \n c . \n";

    private static HuggingFaceTokenizer plain;
    private static HuggingFaceTokenizer merging;

    @TempDir Path folder;

    @BeforeAll
    static void open() {
        plain = Bytes.plain();
        merging = Bytes.merging();
    }

    @AfterAll
    static void close() {
        plain.close();
        merging.close();
    }

    @Test
    void wikiTextRowsAreThoseOfTheDataSet() throws IOException {
        assertThat(rows(encoder(), write("t.raw", " \n = A = \n\n b \r\n\u3000\nc\rd")))
                .containsExactly("", " = A = \n", "", " b \n", "", "c\n", "d");
    }

    @Test
    void lineBreaksOfAnyKindAreOneAndAByteOrderMarkIsNoText() throws IOException {
        for (String name : List.of("t.txt", "t.raw")) {
            Corpus windows = write(name, "\uFEFFa b \r\n\r\nc\rd \r\n");
            Corpus unix = write("u" + name, "a b \n\nc\nd \n");
            assertThat(rows(encoder(), windows)).isEqualTo(rows(encoder(), unix));
            Tokens joined = windows.joined(encoder());
            Tokens same = unix.joined(encoder());
            assertThat(Bytes.text(joined, 0, joined.size()))
                    .isEqualTo(Bytes.text(same, 0, same.size()));
            assertThat(windows.documents(encoder())).isEqualTo(unix.documents(encoder()));
        }
        assertThat(rows(encoder(), write("mark.txt", "\uFEFF"))).isEmpty();
        Corpus ids = write("mark.ids.jsonl", "\uFEFF[1,2]\r\n[3]");
        assertThat(ids.rows(encoder()).size()).isEqualTo(3);
    }

    @Test
    void aLongLineHasTheSameIdsInPieces() throws IOException {
        String[] words = {
            "a", "b", "  ", "\u00e9", " c", "\u2003", "\t", "\uD83D\uDE00", "it's", "1"
        };
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder line = new StringBuilder();
        while (line.length() < 400_000) {
            line.append(words[random.nextInt(words.length)])
                    .append(random.nextInt(3) > 0 ? " " : "");
        }
        Corpus corpus = write("long.txt", line + "\nshort\n");
        TextEncoder whole = Bytes.encoder(merging);
        TextEncoder cutting = TextEncoder.of(merging, "cut", whole.vocabulary(), () -> true);
        int[][] expected = whole.encode(List.of(line.toString(), "short"));
        assertThat(cutting.encode(List.of(line.toString(), "short"))).isDeepEqualTo(expected);
        assertThat(corpus.rows(cutting).size()).isEqualTo(corpus.rows(whole).size());
    }

    @Test
    void otherTextIsTakenAsItIs() throws IOException {
        String text = " \n = A = \n\n b \nc\nd\u0000\uFEFF";
        Corpus corpus = write("t.txt", text);
        assertThat(rows(encoder(), corpus))
                .containsExactly(" \n", " = A = \n", "\n", " b \n", "c\n", "d\u0000\uFEFF");
        for (Tokens tokens : List.of(corpus.rows(encoder()), corpus.joined(encoder()))) {
            assertThat(Bytes.text(tokens, 0, tokens.size())).isEqualTo(text);
            assertThat(tokens.articles()).isEqualTo(1);
        }
        Document document = corpus.documents(encoder()).get(0);
        assertThat(document.ids().remaining())
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(document.bytes()).hasValue(document.ids().remaining());
        assertThat(document.words()).hasValue(7);
    }

    @Test
    void anArticleBeginsAtAHeadingOfLevelOne() throws IOException {
        Corpus corpus = write("t.tokens", TWO_ARTICLES);
        Tokens rows = corpus.rows(encoder());
        assertThat(rows.articles()).isEqualTo(2);
        assertThat(Bytes.text(rows, 0, rows.articleStart(1)))
                .isEqualTo(" = A = \n a b\u2014\uD83D\uDE00 \n = = S = = \n");
        assertThat(Bytes.text(rows, rows.articleStart(1), rows.size()))
                .isEqualTo(" = B = \n c . \n");
        assertThat(rows.rows()).isEqualTo(9);
        assertThat(rows.rowStart(0)).isEqualTo(rows.rowStart(1)).isZero();
    }

    @Test
    void textBeforeTheFirstHeadingIsAnArticle() throws IOException {
        Corpus corpus = write("t.raw", "x\n = B = \n c\n");
        assertThat(corpus.rows(encoder()).articles()).isEqualTo(2);
        assertThat(corpus.documents(encoder())).hasSize(2);
    }

    @Test
    void joinedIsOneTextOfRowsAndEmptyLines() throws IOException {
        Corpus corpus = write("t.raw", TWO_ARTICLES);
        Tokens joined = corpus.joined(encoder());
        String expected = String.join("\n\n", rows(encoder(), corpus));
        assertThat(Bytes.text(joined, 0, joined.size())).isEqualTo(expected);
        assertThat(joined.articles()).isEqualTo(2);
        assertThat(Bytes.text(joined, joined.articleStart(1), joined.size()))
                .isEqualTo(" = B = \n\n\n\n\n c . \n");
    }

    @Test
    void joinedArticlesBeginAtTheFirstTokenThatReachesIntoThem() throws IOException {
        Tokens joined = write("t.raw", TWO_ARTICLES).joined(Bytes.encoder(merging));
        int start = joined.articleStart(1);
        assertThat(joined.id(start)).isEqualTo(Bytes.HEADING_SIGN);
        assertThat(joined.id(start - 1)).isEqualTo('\n');
        assertThat(joined.id(start - 2)).isEqualTo(Bytes.TWO_BREAKS);
        assertThat(joined.id(start + 2)).isEqualTo('B');
    }

    @Test
    void documentsAreDetokenizedPagesMeasuredAsTheyWere() throws IOException {
        List<Document> documents = write("t.raw", TWO_ARTICLES).documents(encoder());
        assertThat(documents).hasSize(2);
        String first = " = A = \n \n a b\u2014\uD83D\uDE00 \n = = S = = \n ";
        String last = " = B = \n \n c . \n";
        assertThat(text(documents.get(0))).isEqualTo(" = A =\n\na b\u2014\uD83D\uDE00\n== S ==\n");
        assertThat(documents.get(0).words()).hasValue(12);
        assertThat(documents.get(0).bytes())
                .hasValue(first.getBytes(StandardCharsets.UTF_8).length);
        assertThat(text(documents.get(1))).isEqualTo(" = B =\n\nc.\n");
        assertThat(documents.get(1).words()).hasValue(7);
        assertThat(documents.get(1).bytes()).hasValue(last.length());
    }

    @Test
    void aTextWithoutIdsHasNoDocuments() throws IOException {
        assertThat(write("t.raw", "").documents(encoder())).isEmpty();
        Corpus empty = write("t.txt", "");
        assertThat(empty.documents(encoder())).isEmpty();
        assertThat(empty.rows(encoder()).rows()).isZero();
        assertThat(empty.joined(encoder()).size()).isZero();
    }

    @Test
    void theDigestIsOfTheFilesBytes() throws IOException {
        assertThat(write("t.raw", "abc").sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void invalidUtf8IsNamedWithItsOffset() throws IOException {
        byte[] bytes = new byte[70_000];
        java.util.Arrays.fill(bytes, (byte) 'a');
        bytes[10] = '\n';
        bytes[66_000] = (byte) 0xFF;
        Path file = Files.write(folder.resolve("bad.txt"), bytes);
        Corpus corpus = Corpus.open(file);
        assertThatThrownBy(() -> corpus.rows(encoder()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("66000")
                .hasMessageContaining("0xFF");
        Corpus cut =
                Corpus.open(Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xC3}));
        assertThatThrownBy(() -> cut.documents(encoder())).hasMessageContaining("offset 1");
    }

    @Test
    void theReplacementCharacterItselfIsText() throws IOException {
        assertThat(rows(encoder(), write("t.txt", "a\uFFFDb\n"))).containsExactly("a\uFFFDb\n");
    }

    @Test
    void aModelWithoutATokenizerIsToldWhatToGive() throws IOException {
        Corpus corpus = write("t.txt", "a");
        assertThatThrownBy(() -> corpus.rows(TextEncoder.idsOnly(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("t.txt")
                .hasMessageContaining("ids.jsonl");
    }

    @Test
    void anIdOutsideTheVocabularyIsRefused() throws IOException {
        Corpus corpus = write("t.txt", "ab");
        TextEncoder small = TextEncoder.of(plain, "bytes", 98);
        assertThatThrownBy(() -> corpus.joined(small))
                .hasMessageContaining("t.txt")
                .hasMessageContaining("token id 98 is outside the vocabulary of 98");
    }

    @Test
    void aTokenizerThatTruncatesOrPadsIsRefused() throws IOException {
        try (HuggingFaceTokenizer truncating =
                HuggingFaceTokenizer.builder()
                        .optTokenizerPath(json())
                        .optTruncation(true)
                        .optMaxLength(4)
                        .build()) {
            assertThatThrownBy(() -> TextEncoder.of(truncating, "x", 258))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("neither truncate nor pad");
        }
    }

    @Test
    void aTokenizerThatLowersCaseOutsideOfItsFileIsRefused() throws IOException {
        try (HuggingFaceTokenizer lowering =
                HuggingFaceTokenizer.builder()
                        .optTokenizerPath(json())
                        .optTruncation(false)
                        .optPadding(false)
                        .optDoLowerCase(true)
                        .build()) {
            assertThatThrownBy(() -> TextEncoder.of(lowering, "x", 258))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("changes case");
        }
    }

    private Path json() throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), Bytes.json("", "", false));
    }

    @Test
    void whatIsNotThereIsNamed() {
        Path file = folder.resolve("none.raw");
        assertThatThrownBy(() -> Corpus.open(file))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Corpus.open(folder)).hasMessageContaining("is a folder");
    }

    private Corpus write(String name, String text) throws IOException {
        return Corpus.open(Files.writeString(folder.resolve(name), text));
    }

    private static TextEncoder encoder() {
        return Bytes.encoder(plain);
    }

    static List<String> rows(TextEncoder encoder, Corpus corpus) throws IOException {
        Tokens tokens = corpus.rows(encoder);
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < tokens.rows(); row++) {
            rows.add(Bytes.text(tokens, tokens.rowStart(row), tokens.rowStart(row + 1)));
        }
        return rows;
    }

    private static String text(Document document) {
        byte[] bytes = new byte[document.ids().remaining()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) document.ids().get(i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
