package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a server or a line can fail, on a server of this machine. */
class DownloadTest {

    @TempDir Path folder;
    private DownloadPlace place;

    @BeforeEach
    void start() throws IOException {
        place = new DownloadPlace(folder);
    }

    @AfterEach
    void stop() {
        place.close();
    }

    @Test
    void aFileArrivesWholeWithItsProgressAndLeavesNothingBeside() throws IOException {
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, ""));
        List<Long> done = new ArrayList<>();
        new Download(DownloadPlace.SHORT, Optional.empty(), Proxies.NONE)
                .fetch(
                        place.server.url("/f"),
                        place.target,
                        DownloadPlace.PIN,
                        (name, bytes, total) -> {
                            assertThat(name).isEqualTo("model.safetensors");
                            assertThat(total).isEqualTo(DownloadPlace.FILE.length);
                            done.add(bytes);
                        });
        place.assertWhole();
        assertThat(Files.exists(place.target.resolveSibling(".model.safetensors.lock"))).isFalse();
        assertThat(done).isSorted().startsWith(0L).endsWith((long) DownloadPlace.FILE.length);
    }

    @Test
    void aServerThatSendsMoreThanThePinSaysIsNotHeardOut() {
        byte[] piece = new byte[DownloadPlace.FILE.length];
        AtomicInteger sent = new AtomicInteger();
        place.server.on(
                "/f",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0); // chunked: no length is announced
                    try (OutputStream body = exchange.getResponseBody()) {
                        for (int i = 0; i < 200; i++) {
                            body.write(piece);
                            sent.incrementAndGet();
                        }
                    }
                });
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("expected 300000 bytes, found 300001 or more");
        assertThat(sent.get()).isLessThan(200);
        assertThat(place.part()).doesNotExist();
    }

    @Test
    void aProxyOfTheEnvironmentIsAskedAndGivenItsPassword() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer proxy =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext(
                "/",
                exchange -> {
                    String known = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
                    asked.add(exchange.getRequestURI() + " " + known);
                    if (known == null) {
                        exchange.getResponseHeaders()
                                .add("Proxy-Authenticate", "Basic realm=\"p\"");
                        exchange.sendResponseHeaders(407, -1);
                    } else {
                        exchange.sendResponseHeaders(200, DownloadPlace.FILE.length);
                        exchange.getResponseBody().write(DownloadPlace.FILE);
                    }
                    exchange.close();
                });
        proxy.start();
        try {
            String address = "http://me:secret@127.0.0.1:" + proxy.getAddress().getPort();
            new Download(
                            DownloadPlace.SHORT,
                            Optional.empty(),
                            Proxies.from(Map.of("HTTP_PROXY", address)))
                    .fetch(
                            URI.create("http://far.example/f"),
                            place.target,
                            DownloadPlace.PIN,
                            Progress.NONE);
        } finally {
            proxy.stop(0);
        }
        place.assertWhole();
        assertThat(asked)
                .containsExactly(
                        "http://far.example/f null", "http://far.example/f Basic bWU6c2VjcmV0");
    }

    @Test
    void aRestThatNobodyAskedForIsTakenWhereItIsTheWhole() throws IOException {
        place.server.on(
                "/f",
                exchange -> {
                    int length = DownloadPlace.FILE.length;
                    exchange.getResponseHeaders()
                            .add("Content-Range", "bytes 0-%d/%d".formatted(length - 1, length));
                    exchange.sendResponseHeaders(206, length);
                    exchange.getResponseBody().write(DownloadPlace.FILE);
                });
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
    }

    @Test
    void aLinkInThePlaceOfAPartIsNotFollowed() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        Files.createSymbolicLink(place.part(), mine);
        Files.createSymbolicLink(place.target.resolveSibling("model.safetensors.part.etag"), mine);
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, "\"tag\""));
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        assertThat(mine).hasContent("mine");
        assertThat(place.target).hasBinaryContent(DownloadPlace.FILE);
    }

    @Test
    void aFileThatIsThereIsNotAskedFor() throws IOException {
        Files.write(place.target, DownloadPlace.FILE);
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        assertThat(place.server.requests).isEmpty();
    }

    @Test
    void aFileOfAnotherLengthIsReplaced() throws IOException {
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, ""));
        Files.writeString(place.target, "cut short");
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
    }

    @Test
    void aCutConnectionIsContinuedWhereItBroke() throws IOException {
        place.server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, DownloadPlace.FILE, "\"v1\""),
                TestServer.cutAfter(50_000, DownloadPlace.FILE, "\"v1\""),
                TestServer.file(DownloadPlace.FILE, "\"v1\""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests).hasSize(3);
        int first = place.server.requests.get(1).from();
        assertThat(first).isBetween(1, 100_000);
        assertThat(place.server.requests.get(1).ifRange()).isEqualTo("\"v1\"");
        assertThat(place.server.requests.get(2).from()).isBetween(first + 1, first + 50_000);
    }

    @Test
    void aLaterRunContinuesThePartOfAnEarlierOne() throws IOException {
        place.server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, DownloadPlace.FILE, "\"v1\""),
                TestServer.file(DownloadPlace.FILE, "\"v1\""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.ONCE, Pin.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was cut")
                .hasMessageContaining(
                        Files.size(place.part()) + " bytes are kept in " + place.part());
        int kept = Math.toIntExact(Files.size(place.part()));
        place.fetch(DownloadPlace.ONCE, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests.get(1).from()).isEqualTo(kept).isBetween(1, 100_000);
    }

    @Test
    void aFileThatChangedMeanwhileIsNotGluedToTheOldPart() throws IOException {
        byte[] old = DownloadPlace.random(2, DownloadPlace.FILE.length);
        place.server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, old, "\"v1\""),
                TestServer.file(DownloadPlace.FILE, "\"v2\""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
    }

    @Test
    void aPartThatNothingVouchesForIsBegunAnew() throws IOException {
        byte[] old = DownloadPlace.random(2, DownloadPlace.FILE.length);
        place.server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, old, "W/\"weak\""),
                TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests.get(1).range()).isEmpty();
    }

    @Test
    void aPartWithADamagedNoteIsBegunAnew() throws IOException {
        Files.write(place.part(), DownloadPlace.random(3, 1000));
        Files.write(
                place.target.resolveSibling("model.safetensors.part.etag"),
                new byte[] {'"', (byte) 0xFF, 1, '"', '\n', (byte) 0xC0});
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, "\"v1\""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests.get(0).range()).isEmpty();
    }

    @Test
    void aPartOfAnotherFileIsFoundOutByTheHashAndBegunAnew() throws IOException {
        Files.write(place.part(), DownloadPlace.random(3, 1000));
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
        assertThat(place.server.requests)
                .extracting(TestServer.Request::range)
                .containsExactly("bytes=1000-", "");
    }

    @Test
    void aPartThatIsAlreadyTheWholeIsOnlyVerified() throws IOException {
        Files.write(place.part(), DownloadPlace.FILE);
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.ONCE, DownloadPlace.PIN);
        place.assertWhole();
        assertThat(place.server.requests).hasSize(1);
    }

    @Test
    void aWholePartWithoutAnyHashIsTakenByItsEtag() throws IOException {
        Files.write(place.part(), DownloadPlace.FILE);
        Files.writeString(place.target.resolveSibling("model.safetensors.part.etag"), "\"v1\"\n\n");
        place.server.on("/f", TestServer.file(DownloadPlace.FILE, "\"v1\""));
        place.fetch(DownloadPlace.ONCE, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests).hasSize(1);
    }

    @Test
    void aServerThatIgnoresRangeSendsTheWholeAnew() throws IOException {
        place.server.inTurn(
                "/f",
                TestServer.cutAfter(100_000, DownloadPlace.FILE, "\"v1\""),
                TestServer.chunked(DownloadPlace.FILE));
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
        assertThat(place.server.requests.get(1).from()).isBetween(1, 100_000);
    }

    @Test
    void aServerThatAlwaysBeginsAnewAndCutsEndsTheTries() {
        place.server.on(
                "/f",
                exchange -> {
                    exchange.sendResponseHeaders(200, DownloadPlace.FILE.length);
                    exchange.getResponseBody().write(DownloadPlace.FILE, 0, 100_000);
                });
        assertThatThrownBy(() -> place.fetch(DownloadPlace.patience(5000, 2), DownloadPlace.PIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("after 2 tries");
        assertThat(place.server.requests).hasSizeLessThan(20);
    }

    @Test
    void aLengthOtherThanThePinnedOneIsRefusedBeforeTheDownload() {
        place.server.on("/f", TestServer.file(DownloadPlace.random(1, 1234), ""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        place.server.url("/f")
                                + ": expected bytes 300000, the server announces 1234");
        assertThat(place.server.requests).hasSize(1);
        assertThat(place.target).doesNotExist();
    }

    @Test
    void moreBytesThanExpectedAreDeleted() throws IOException {
        place.server.on(
                "/f", TestServer.chunked(DownloadPlace.random(1, DownloadPlace.FILE.length + 1)));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("expected 300000 bytes, found 300001");
        assertThat(place.leftovers()).isEmpty();
    }

    @Test
    void fewerBytesThanExpectedAreACutConnection() throws IOException {
        byte[] short299k = DownloadPlace.random(1, DownloadPlace.FILE.length - 1000);
        place.server.inTurn(
                "/f", TestServer.chunked(short299k), TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
    }

    @Test
    void aWrongHashDeletesThePartAndSaysBoth() throws IOException {
        byte[] other = DownloadPlace.random(9, DownloadPlace.FILE.length);
        place.server.on("/f", TestServer.file(other, ""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place.server.url("/f").toString())
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(DownloadPlace.FILE))
                .hasMessageContaining("found " + TestServer.sha256(other));
        assertThat(place.leftovers()).isEmpty();
        assertThat(place.server.requests).hasSize(1);
    }

    @Test
    void aMissingFileIsNamedAndNotAskedForAgain() throws IOException {
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(place.server.url("/f") + ": no such file (HTTP 404)");
        assertThat(place.server.requests).hasSize(1);
        assertThat(place.leftovers()).isEmpty();
    }

    @Test
    void aRefusedFileSaysHowToShowAToken() {
        place.server.on("/f", TestServer.status(403));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("HTTP 403")
                .hasMessageContaining("HF_TOKEN");
        assertThat(place.server.requests).hasSize(1);
    }

    @Test
    void aServerErrorIsTriedAgain() throws IOException {
        place.server.inTurn(
                "/f",
                TestServer.status(500),
                TestServer.status(503),
                TestServer.file(DownloadPlace.FILE, "\"v1\""));
        place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
        place.assertWhole();
    }

    @Test
    void aServerErrorThatStaysIsReported() {
        place.server.on("/f", TestServer.status(502));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessage(place.server.url("/f") + ": HTTP 502, after 3 tries");
        assertThat(place.server.requests).hasSize(3);
    }

    @Test
    void aStalledConnectionIsLeftAndContinued() throws IOException {
        place.server.inTurn(
                "/f",
                place.server.stallAfter(100_000, DownloadPlace.FILE, "\"v1\""),
                TestServer.file(DownloadPlace.FILE, "\"v1\""));
        long start = System.nanoTime();
        place.fetch(DownloadPlace.IMPATIENT, DownloadPlace.PIN);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        place.assertWhole();
        assertThat(place.server.requests.get(1).range()).isEqualTo("bytes=100000-");
    }

    @Test
    void aConnectionThatStaysStalledIsReported() {
        place.server.on("/f", place.server.stallAfter(0, DownloadPlace.FILE, "\"v1\""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.IMPATIENT, DownloadPlace.PIN))
                .hasMessageContaining("nothing came for 0.3 s");
    }

    @Test
    void aServerThatTakesTheRequestAndSaysNothingIsTriedAgain() throws IOException {
        place.server.inTurn("/f", place.server.silent(), TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.IMPATIENT, DownloadPlace.PIN);
        place.assertWhole();
    }

    @Test
    void nobodyListeningIsUnreachableAtOnce() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/f");
        }
        assertThatThrownBy(
                        () ->
                                new Download(DownloadPlace.SHORT, Optional.empty(), Proxies.NONE)
                                        .fetch(
                                                nobody,
                                                place.target,
                                                DownloadPlace.PIN,
                                                Progress.NONE))
                .isInstanceOf(Unreachable.class);
        assertThat(place.leftovers()).isEmpty();
    }

    @Test
    void anUnknownHostIsUnreachableInWords() {
        URI unknown = URI.create("http://no-such-host.invalid/f");
        assertThatThrownBy(
                        () ->
                                new Download(DownloadPlace.SHORT, Optional.empty(), Proxies.NONE)
                                        .fetch(
                                                unknown,
                                                place.target,
                                                DownloadPlace.PIN,
                                                Progress.NONE))
                .isInstanceOf(Unreachable.class)
                .hasMessage("no-such-host.invalid: unknown host");
    }
}
