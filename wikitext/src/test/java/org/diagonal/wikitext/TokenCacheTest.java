package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCacheTest {

    private static final String TEXT = " = A = \n\n b c \n = B = \n d\u00E9 \n";

    private static HuggingFaceTokenizer tokenizer;

    @TempDir Path folder;
    private Path file;
    private Path ids;
    private TokenCache cache;
    private final List<Long> progress = new ArrayList<>();

    @BeforeAll
    static void open() {
        tokenizer = Bytes.plain();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("t.raw"), TEXT);
        ids = folder.resolve("cache");
        cache = new TokenCache(ids);
    }

    @Test
    void cachedTokensEqualThoseMadeAnew() throws IOException {
        Corpus corpus = Corpus.open(file);
        for (int i = 0; i < 2; i++) {
            assertSame(rows(corpus), corpus.rows(encoder()));
            assertSame(cache.joined(corpus, encoder(), progress::add), corpus.joined(encoder()));
        }
    }

    @Test
    void aSecondUseTokenizesNothing() throws IOException {
        rows(Corpus.open(file));
        assertThat(progress).isNotEmpty().last().isEqualTo((long) TEXT.length() + 1);
        progress.clear();
        rows(Corpus.open(file));
        assertThat(progress).isEmpty();
    }

    @Test
    void whatMakesOtherIdsHasAnotherFile() throws IOException {
        rows(Corpus.open(file));
        Path asIs = Files.writeString(folder.resolve("t.txt"), TEXT);
        assertThat(rows(Corpus.open(asIs)).articles()).isEqualTo(1);
        cache.rows(Corpus.open(file), TextEncoder.of(tokenizer, "other", 258), progress::add);
        cache.rows(Corpus.open(file), TextEncoder.of(tokenizer, "bytes", 256), progress::add);
        assertThat(files(".ids")).hasSize(4);
        Files.writeString(file, TEXT.replace('b', 'x'));
        assertThat(rows(Corpus.open(file)).id(9)).isEqualTo('x');
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 30, 39, 40, 60, -1})
    void aChangedByteIsNoticedAndTheFileMadeAgain(int at) throws IOException {
        rows(Corpus.open(file));
        Path cached = files(".ids").get(0);
        byte[] bytes = Files.readAllBytes(cached);
        bytes[at < 0 ? bytes.length - 1 : at] ^= 0x40;
        Files.write(cached, bytes);
        progress.clear();
        assertSame(rows(Corpus.open(file)), anew());
        assertThat(progress).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 39, 40, 50, -1})
    void aTruncatedFileIsNoticedAndMadeAgain(int length) throws IOException {
        rows(Corpus.open(file));
        Path cached = files(".ids").get(0);
        byte[] bytes = Files.readAllBytes(cached);
        Files.write(cached, java.util.Arrays.copyOf(bytes, length < 0 ? bytes.length - 1 : length));
        assertSame(rows(Corpus.open(file)), anew());
        assertThat(Files.size(cached)).isEqualTo(bytes.length);
    }

    @Test
    void aTextOfTheSameSizeAndTimeIsAnotherText() throws IOException {
        FileTime then = FileTime.from(Instant.now().minusSeconds(3600));
        Files.setLastModifiedTime(file, then);
        Stamp before = Stamp.of(List.of(file));
        String old = cache.sha256(Corpus.open(file));
        assertThat(rows(Corpus.open(file)).id(9)).isEqualTo('b');
        Path other = Files.writeString(folder.resolve("other"), TEXT.replace('b', 'x'));
        Files.setLastModifiedTime(other, then);
        Files.copy(
                other,
                file,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(cache.sha256(Corpus.open(file))).isNotEqualTo(old);
        assertThat(rows(Corpus.open(file)).id(9)).isEqualTo('x');
        assertThat(Stamp.of(List.of(file))).isNotEqualTo(before);
    }

    @Test
    void manyWritersOfOneKeyAllGetTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Tokens>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tasks.add(() -> new TokenCache(ids).rows(Corpus.open(file), encoder(), done -> {}));
            }
            for (Future<Tokens> tokens : threads.invokeAll(tasks)) {
                assertSame(tokens.get(), anew());
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdown();
        }
        assertThat(files(".ids")).hasSize(1);
        assertThat(files(".tmp")).isEmpty();
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Path bad = Files.write(folder.resolve("bad.txt"), new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> rows(Corpus.open(bad))).hasMessageContaining("not UTF-8");
        assertThat(files(".ids")).isEmpty();
        assertThat(files(".tmp")).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsSweptAfterADay() throws IOException {
        Files.createDirectories(ids);
        Path abandoned = Files.createFile(ids.resolve("a.tmp"));
        Path inUse = Files.createFile(ids.resolve("b.tmp"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(90_000)));
        rows(Corpus.open(file));
        assertThat(files(".tmp")).containsExactly(inUse);
    }

    @Test
    void aFullDiskIsNamed() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here");
        assertThatThrownBy(
                        () -> {
                            try (TokenFile.Writer writer = new TokenFile.Writer(full)) {
                                writer.finish();
                            }
                        })
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("/dev/full: cannot be written");
    }

    @Test
    void aTextThatChangesWhileItIsReadIsNotCached() throws IOException {
        Corpus corpus = Corpus.open(file);
        assertThatThrownBy(() -> cache.rows(corpus, encoder(), done -> append()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("changed while it was read");
        assertThat(files(".ids")).isEmpty();
    }

    private void append() {
        try {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(ids, "a file where the folder should be");
        assertThatThrownBy(() -> rows(Corpus.open(file)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(ids.toString());
    }

    @Test
    void theDigestIsRememberedUntilTheFileChanges() throws IOException {
        String note = DigestUtils.sha256Hex(Stamp.of(List.of(file)).identity());
        String remembered = "ab".repeat(32);
        Files.createDirectories(ids);
        Files.writeString(ids.resolve("sha256-" + note), remembered + "\n");
        assertThat(cache.sha256(Corpus.open(file))).isEqualTo(remembered); // it was not read
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(50)));
        assertThat(cache.sha256(Corpus.open(file))).isEqualTo(Corpus.open(file).sha256());
    }

    @Test
    void aDamagedDigestIsComputedAnew() throws IOException {
        String note = DigestUtils.sha256Hex(Stamp.of(List.of(file)).identity());
        Files.createDirectories(ids);
        Files.write(ids.resolve("sha256-" + note), new byte[] {(byte) 0xFF, (byte) 0xC0});
        assertThat(cache.sha256(Corpus.open(file))).isEqualTo(Corpus.open(file).sha256());
    }

    @Test
    void theDigestOfAFileJustWrittenIsNotRemembered() throws IOException {
        FileTime now = FileTime.from(Instant.now());
        Files.setLastModifiedTime(file, now);
        String first = cache.sha256(Corpus.open(file));
        Files.writeString(file, TEXT.replace('b', 'x'));
        Files.setLastModifiedTime(file, now);
        assertThat(cache.sha256(Corpus.open(file))).isNotEqualTo(first);
    }

    private Tokens rows(Corpus corpus) throws IOException {
        return cache.rows(corpus, encoder(), progress::add);
    }

    private Tokens anew() throws IOException {
        return Corpus.open(file).rows(encoder());
    }

    private static TextEncoder encoder() {
        return Bytes.encoder(tokenizer);
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.list(ids)) {
            return files.filter(path -> path.toString().endsWith(end)).toList();
        }
    }

    private static void assertSame(Tokens found, Tokens expected) {
        int[] foundIds = new int[found.size()];
        int[] expectedIds = new int[expected.size()];
        found.copy(0, foundIds);
        expected.copy(0, expectedIds);
        assertThat(foundIds).isEqualTo(expectedIds);
        assertThat(found.rows()).isEqualTo(expected.rows());
        for (int row = 0; row <= found.rows(); row++) {
            assertThat(found.rowStart(row)).isEqualTo(expected.rowStart(row));
        }
        assertThat(found.articles()).isEqualTo(expected.articles());
        for (int article = 0; article <= found.articles(); article++) {
            assertThat(found.articleStart(article)).isEqualTo(expected.articleStart(article));
        }
    }
}
