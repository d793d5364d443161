package org.diagonal.eval.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Download.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a server or a line can fail, on a server of this machine. */
class DownloadTest {

    private static final byte[] FILE = random(1, 300_000);
    private static final Pin PIN =
            new Pin(OptionalLong.of(FILE.length), Optional.of(TestServer.sha256(FILE)));
    private static final Patience SHORT = patience(5000, 3);
    private static final Patience ONCE = patience(5000, 1);
    private static final Patience IMPATIENT = patience(300, 3);

    @TempDir Path folder;
    private TestServer server;
    private Path target;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        target = Files.createDirectory(folder.resolve("sub")).resolve("model.safetensors");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Patience patience(long stallMillis, int tries) {
        return new Patience(
                Duration.ofSeconds(5), Duration.ofMillis(stallMillis), tries, Duration.ofMillis(5));
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void fetch(Patience patience, Pin pin) throws IOException {
        new Download(patience, Optional.empty())
                .fetch(server.url("/f"), target, pin, Progress.NONE);
    }

    private void assertWhole() throws IOException {
        assertThat(target).hasBinaryContent(FILE);
        assertThat(leftovers()).containsExactly("model.safetensors");
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .toList();
        }
    }

    private Path part() {
        return target.resolveSibling("model.safetensors.part");
    }

    @Test
    void aFileArrivesWholeWithItsProgressAndLeavesNothingBeside() throws IOException {
        server.on("/f", TestServer.file(FILE, ""));
        List<Long> done = new ArrayList<>();
        new Download(SHORT, Optional.empty())
                .fetch(
                        server.url("/f"),
                        target,
                        PIN,
                        (name, bytes, total) -> {
                            assertThat(name).isEqualTo("model.safetensors");
                            assertThat(total).isEqualTo(FILE.length);
                            done.add(bytes);
                        });
        assertWhole();
        assertThat(Files.exists(target.resolveSibling(".model.safetensors.lock"))).isFalse();
        assertThat(done).isSorted().startsWith(0L).endsWith((long) FILE.length);
    }

    @Test
    void aFileThatIsThereIsNotAskedFor() throws IOException {
        Files.write(target, FILE);
        fetch(SHORT, PIN);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aFileOfAnotherLengthIsReplaced() throws IOException {
        server.on("/f", TestServer.file(FILE, ""));
        Files.writeString(target, "cut short");
        fetch(SHORT, PIN);
        assertWhole();
    }

    @Test
    void aCutConnectionIsContinuedWhereItBroke() throws IOException {
        server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, FILE, "\"v1\""),
                TestServer.cutAfter(50_000, FILE, "\"v1\""),
                TestServer.file(FILE, "\"v1\""));
        fetch(SHORT, Pin.NONE);
        assertWhole();
        assertThat(server.requests).hasSize(3);
        assertThat(server.requests.get(1).range()).isEqualTo("bytes=100000-");
        assertThat(server.requests.get(1).ifRange()).isEqualTo("\"v1\"");
        assertThat(server.requests.get(2).range()).isEqualTo("bytes=150000-");
    }

    @Test
    void aLaterRunContinuesThePartOfAnEarlierOne() throws IOException {
        server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, FILE, "\"v1\""),
                TestServer.file(FILE, "\"v1\""));
        assertThatThrownBy(() -> fetch(ONCE, Pin.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was cut")
                .hasMessageContaining("100000 bytes are kept in " + part());
        fetch(ONCE, Pin.NONE);
        assertWhole();
        assertThat(server.requests.get(1).range()).isEqualTo("bytes=100000-");
    }

    @Test
    void aFileThatChangedMeanwhileIsNotGluedToTheOldPart() throws IOException {
        byte[] old = random(2, FILE.length);
        server.inTurn(
                "/f", TestServer.cutAfter(100_000, old, "\"v1\""), TestServer.file(FILE, "\"v2\""));
        fetch(SHORT, Pin.NONE);
        assertWhole();
    }

    @Test
    void aPartThatNothingVouchesForIsBegunAnew() throws IOException {
        byte[] old = random(2, FILE.length);
        server.inTurn(
                "/f", TestServer.cutAfter(100_000, old, "W/\"weak\""), TestServer.file(FILE, ""));
        fetch(SHORT, Pin.NONE);
        assertWhole();
        assertThat(server.requests.get(1).range()).isEmpty();
    }

    @Test
    void aPartOfAnotherFileIsFoundOutByTheHashAndBegunAnew() throws IOException {
        Files.write(part(), random(3, 1000));
        server.on("/f", TestServer.file(FILE, ""));
        fetch(SHORT, PIN);
        assertWhole();
        assertThat(server.requests)
                .extracting(TestServer.Request::range)
                .containsExactly("bytes=1000-", "");
    }

    @Test
    void aPartThatIsAlreadyTheWholeIsOnlyVerified() throws IOException {
        Files.write(part(), FILE);
        server.on("/f", TestServer.file(FILE, ""));
        fetch(ONCE, PIN);
        assertWhole();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aWholePartWithoutAnyHashIsTakenByItsEtag() throws IOException {
        Files.write(part(), FILE);
        Files.writeString(target.resolveSibling("model.safetensors.part.etag"), "\"v1\"\n\n");
        server.on("/f", TestServer.file(FILE, "\"v1\""));
        fetch(ONCE, Pin.NONE);
        assertWhole();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aServerThatIgnoresRangeSendsTheWholeAnew() throws IOException {
        server.inTurn("/f", TestServer.cutAfter(100_000, FILE, "\"v1\""), TestServer.chunked(FILE));
        fetch(SHORT, PIN);
        assertWhole();
        assertThat(server.requests.get(1).range()).isEqualTo("bytes=100000-");
    }

    @Test
    void aServerThatAlwaysBeginsAnewAndCutsEndsTheTries() {
        server.on(
                "/f",
                exchange -> {
                    exchange.sendResponseHeaders(200, FILE.length);
                    exchange.getResponseBody().write(FILE, 0, 100_000);
                });
        assertThatThrownBy(() -> fetch(patience(5000, 2), PIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("after 2 tries");
        assertThat(server.requests).hasSizeLessThan(20);
    }

    @Test
    void aLengthOtherThanThePinnedOneIsRefusedBeforeTheDownload() {
        server.on("/f", TestServer.file(random(1, 1234), ""));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        server.url("/f") + ": expected bytes 300000, the server announces 1234");
        assertThat(server.requests).hasSize(1);
        assertThat(target).doesNotExist();
    }

    @Test
    void moreBytesThanExpectedAreDeleted() throws IOException {
        server.on("/f", TestServer.chunked(random(1, FILE.length + 1)));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .hasMessageContaining("expected 300000 bytes, found 300001");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void fewerBytesThanExpectedAreACutConnection() throws IOException {
        byte[] short299k = random(1, FILE.length - 1000);
        server.inTurn("/f", TestServer.chunked(short299k), TestServer.file(FILE, ""));
        fetch(SHORT, PIN);
        assertWhole();
    }

    @Test
    void aWrongHashDeletesThePartAndSaysBoth() throws IOException {
        byte[] other = random(9, FILE.length);
        server.on("/f", TestServer.file(other, ""));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(server.url("/f").toString())
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(FILE))
                .hasMessageContaining("found " + TestServer.sha256(other));
        assertThat(leftovers()).isEmpty();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aMissingFileIsNamedAndNotAskedForAgain() throws IOException {
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(server.url("/f") + ": no such file (HTTP 404)");
        assertThat(server.requests).hasSize(1);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aRefusedFileSaysHowToShowAToken() {
        server.on("/f", TestServer.status(403));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .hasMessageContaining("HTTP 403")
                .hasMessageContaining("HF_TOKEN");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aServerErrorIsTriedAgain() throws IOException {
        server.inTurn(
                "/f",
                TestServer.status(500),
                TestServer.status(503),
                TestServer.file(FILE, "\"v1\""));
        fetch(SHORT, PIN);
        assertWhole();
    }

    @Test
    void aServerErrorThatStaysIsReported() {
        server.on("/f", TestServer.status(502));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .hasMessage(server.url("/f") + ": HTTP 502, after 3 tries");
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void aStalledConnectionIsLeftAndContinued() throws IOException {
        server.inTurn(
                "/f", server.stallAfter(100_000, FILE, "\"v1\""), TestServer.file(FILE, "\"v1\""));
        long start = System.nanoTime();
        fetch(IMPATIENT, PIN);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertWhole();
        assertThat(server.requests.get(1).range()).isEqualTo("bytes=100000-");
    }

    @Test
    void aConnectionThatStaysStalledIsReported() {
        server.on("/f", server.stallAfter(0, FILE, "\"v1\""));
        assertThatThrownBy(() -> fetch(IMPATIENT, PIN))
                .hasMessageContaining("nothing came for 0.3 s");
    }

    @Test
    void aServerThatTakesTheRequestAndSaysNothingIsTriedAgain() throws IOException {
        server.inTurn("/f", server.silent(), TestServer.file(FILE, ""));
        fetch(IMPATIENT, PIN);
        assertWhole();
    }

    @Test
    void theHashThatTheHubAnnouncesIsCheckedThroughARedirect() throws IOException {
        server.on("/f", TestServer.redirect(URI.create("/cdn"), TestServer.sha256(FILE), 300_000));
        server.on("/cdn", TestServer.file(FILE, ""));
        fetch(SHORT, Pin.NONE);
        assertWhole();

        Files.delete(target);
        byte[] other = random(9, FILE.length);
        server.on("/cdn", TestServer.file(other, ""));
        assertThatThrownBy(() -> fetch(SHORT, Pin.NONE))
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(FILE))
                .hasMessageContaining("found " + TestServer.sha256(other));
    }

    @Test
    void aHashAnnouncedOtherThanThePinnedOneIsRefusedBeforeTheDownload() {
        String other = TestServer.sha256(new byte[0]);
        server.on("/f", TestServer.redirect(URI.create("/cdn"), other, FILE.length));
        server.on("/cdn", TestServer.file(FILE, ""));
        assertThatThrownBy(() -> fetch(SHORT, PIN))
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(FILE))
                .hasMessageContaining("announces " + other);
        assertThat(target).doesNotExist();
    }

    @Test
    void aPartContinuesThroughARedirectByTheAnnouncedHash() throws IOException {
        server.on("/f", TestServer.redirect(URI.create("/cdn"), TestServer.sha256(FILE), 300_000));
        server.inTurn("/cdn", TestServer.cutAfter(100_000, FILE, ""), TestServer.file(FILE, ""));
        fetch(SHORT, Pin.NONE);
        assertWhole();
        assertThat(server.requests.get(3).range()).isEqualTo("bytes=100000-");
    }

    @Test
    void aPartIsLeftWhenTheHubAnnouncesAnotherHash() throws IOException {
        byte[] old = random(2, FILE.length);
        server.inTurn(
                "/f",
                TestServer.redirect(URI.create("/cdn"), TestServer.sha256(old), 300_000),
                TestServer.redirect(URI.create("/cdn"), TestServer.sha256(FILE), 300_000));
        server.inTurn(
                "/cdn", TestServer.cutAfter(100_000, old, "\"x\""), TestServer.file(FILE, "\"x\""));
        fetch(SHORT, Pin.NONE);
        assertWhole();
        assertThat(server.requests.get(3).range()).isEmpty();
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
        try (TestServer other = new TestServer()) {
            other.on("/cdn", TestServer.file(FILE, ""));
            server.on(
                    "/f", TestServer.redirect(other.url("/cdn"), TestServer.sha256(FILE), 300_000));
            new Download(SHORT, Optional.of("hf_secret"))
                    .fetch(server.url("/f"), target, PIN, Progress.NONE);
            assertThat(server.requests.get(0).authorization()).isEqualTo("Bearer hf_secret");
            assertThat(other.requests.get(0).authorization()).isEmpty();
        }
        assertWhole();
    }

    @Test
    void redirectsInACircleEnd() {
        server.on("/f", TestServer.redirect(URI.create("/f"), TestServer.sha256(FILE), 300_000));
        assertThatThrownBy(() -> fetch(SHORT, PIN)).hasMessageContaining("more than 10 redirects");
    }

    @Test
    void aRedirectToWhatIsNotHttpIsRefused() {
        server.on("/f", TestServer.redirect(URI.create("file:///etc/passwd"), "", 1));
        assertThatThrownBy(() -> fetch(SHORT, PIN)).hasMessageContaining("must not go");
    }

    @Test
    void nobodyListeningIsUnreachableAtOnce() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/f");
        }
        assertThatThrownBy(
                        () ->
                                new Download(SHORT, Optional.empty())
                                        .fetch(nobody, target, PIN, Progress.NONE))
                .isInstanceOf(Unreachable.class);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anUnknownHostIsUnreachableInWords() {
        URI unknown = URI.create("http://no-such-host.invalid/f");
        assertThatThrownBy(
                        () ->
                                new Download(SHORT, Optional.empty())
                                        .fetch(unknown, target, PIN, Progress.NONE))
                .isInstanceOf(Unreachable.class)
                .hasMessage("no-such-host.invalid: unknown host");
    }

    @Test
    void twoThreadsThatWantTheSameFileDownloadItOnce() throws Exception {
        server.on(
                "/f",
                exchange -> {
                    pause(200);
                    TestServer.file(FILE, "").handle(exchange);
                });
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    fetch(SHORT, PIN);
                                    return true;
                                }));
            }
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertWhole();
        assertThat(server.requests).hasSize(1);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The other process of the test below: downloads ARGS[0] to ARGS[1]. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] args) throws IOException {
            new Download(Patience.DEFAULT, Optional.empty())
                    .fetch(URI.create(args[0]), Path.of(args[1]), PIN, Progress.NONE);
        }
    }

    @Test
    void twoProcessesThatWantTheSameFileDownloadItOnce() throws Exception {
        server.on(
                "/f",
                exchange -> {
                    pause(1500);
                    TestServer.file(FILE, "").handle(exchange);
                });
        Path log = folder.resolve("log");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    OtherProcess.class.getName(),
                                    server.url("/f").toString(),
                                    target.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log, UTF_8)).isZero();
        }
        assertWhole();
        assertThat(server.requests).hasSize(1);
    }
}
