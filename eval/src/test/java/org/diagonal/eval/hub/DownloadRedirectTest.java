package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub that sends on to another server: what it announces is held to, and it alone is told the
 * token.
 */
class DownloadRedirectTest {

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
    void theHashThatTheHubAnnouncesIsCheckedThroughARedirect() throws IOException {
        place.server.on(
                "/f",
                TestServer.redirect(
                        URI.create("/cdn"), TestServer.sha256(DownloadPlace.FILE), 300_000));
        place.server.on("/cdn", TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();

        Files.delete(place.target);
        byte[] other = DownloadPlace.random(9, DownloadPlace.FILE.length);
        place.server.on("/cdn", TestServer.file(other, ""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, Pin.NONE))
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(DownloadPlace.FILE))
                .hasMessageContaining("found " + TestServer.sha256(other));
    }

    @Test
    void aHashAnnouncedOtherThanThePinnedOneIsRefusedBeforeTheDownload() {
        String other = TestServer.sha256(new byte[0]);
        place.server.on(
                "/f", TestServer.redirect(URI.create("/cdn"), other, DownloadPlace.FILE.length));
        place.server.on("/cdn", TestServer.file(DownloadPlace.FILE, ""));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("expected SHA-256 " + TestServer.sha256(DownloadPlace.FILE))
                .hasMessageContaining("announces " + other);
        assertThat(place.target).doesNotExist();
    }

    @Test
    void aPartContinuesThroughARedirectByTheAnnouncedHash() throws IOException {
        place.server.on(
                "/f",
                TestServer.redirect(
                        URI.create("/cdn"), TestServer.sha256(DownloadPlace.FILE), 300_000));
        place.server.inTurn(
                "/cdn",
                TestServer.cutAfter(100_000, DownloadPlace.FILE, ""),
                TestServer.file(DownloadPlace.FILE, ""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests.get(3).from()).isBetween(1, 100_000);
    }

    @Test
    void aPartIsLeftWhenTheHubAnnouncesAnotherHash() throws IOException {
        byte[] old = DownloadPlace.random(2, DownloadPlace.FILE.length);
        place.server.inTurn(
                "/f",
                TestServer.redirect(URI.create("/cdn"), TestServer.sha256(old), 300_000),
                TestServer.redirect(
                        URI.create("/cdn"), TestServer.sha256(DownloadPlace.FILE), 300_000));
        place.server.inTurn(
                "/cdn",
                TestServer.cutAfter(100_000, old, "\"x\""),
                TestServer.file(DownloadPlace.FILE, "\"x\""));
        place.fetch(DownloadPlace.SHORT, Pin.NONE);
        place.assertWhole();
        assertThat(place.server.requests.get(3).range()).isEmpty();
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
        try (TestServer other = new TestServer()) {
            other.on("/cdn", TestServer.file(DownloadPlace.FILE, ""));
            place.server.on(
                    "/f",
                    TestServer.redirect(
                            other.url("/cdn"), TestServer.sha256(DownloadPlace.FILE), 300_000));
            new Download(DownloadPlace.SHORT, Optional.of("hf_secret"), Proxies.NONE)
                    .fetch(place.server.url("/f"), place.target, DownloadPlace.PIN, Progress.NONE);
            assertThat(place.server.requests.get(0).authorization()).isEqualTo("Bearer hf_secret");
            assertThat(other.requests.get(0).authorization()).isEmpty();
        }
        place.assertWhole();
    }

    @Test
    void redirectsInACircleEnd() {
        place.server.on(
                "/f",
                TestServer.redirect(
                        URI.create("/f"), TestServer.sha256(DownloadPlace.FILE), 300_000));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("more than 10 redirects");
    }

    @Test
    void aRedirectToWhatIsNotHttpIsRefused() {
        place.server.on("/f", TestServer.redirect(URI.create("file:///etc/passwd"), "", 1));
        assertThatThrownBy(() -> place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN))
                .hasMessageContaining("must not go");
    }
}
