package org.diagonal.eval.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.diagonal.eval.hub.Download.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several that want the same file at a time download it once. */
@Tag("process")
class DownloadTogetherTest {

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
    void twoThreadsThatWantTheSameFileDownloadItOnce() throws Exception {
        place.server.on(
                "/f",
                exchange -> {
                    pause(200);
                    TestServer.file(DownloadPlace.FILE, "").handle(exchange);
                });
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    place.fetch(DownloadPlace.SHORT, DownloadPlace.PIN);
                                    return true;
                                }));
            }
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        place.assertWhole();
        assertThat(place.server.requests).hasSize(1);
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
            new Download(Patience.DEFAULT, Optional.empty(), Proxies.NONE)
                    .fetch(URI.create(args[0]), Path.of(args[1]), DownloadPlace.PIN, Progress.NONE);
        }
    }

    @Test
    void twoProcessesThatWantTheSameFileDownloadItOnce() throws Exception {
        place.server.on(
                "/f",
                exchange -> {
                    pause(1500);
                    TestServer.file(DownloadPlace.FILE, "").handle(exchange);
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
                                    place.server.url("/f").toString(),
                                    place.target.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log, UTF_8)).isZero();
        }
        place.assertWhole();
        assertThat(place.server.requests).hasSize(1);
    }
}
