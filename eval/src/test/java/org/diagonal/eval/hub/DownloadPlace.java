package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Download.Patience;

/** A server of this machine, and a folder that its file goes to. */
final class DownloadPlace implements AutoCloseable {

    static final byte[] FILE = random(1, 300_000);
    static final Pin PIN =
            new Pin(OptionalLong.of(FILE.length), Optional.of(TestServer.sha256(FILE)));
    static final Patience SHORT = patience(5000, 3);
    static final Patience ONCE = patience(5000, 1);
    static final Patience IMPATIENT = patience(300, 3);

    final TestServer server;
    final Path target;

    DownloadPlace(Path folder) throws IOException {
        server = new TestServer();
        target = Files.createDirectory(folder.resolve("sub")).resolve("model.safetensors");
    }

    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Patience patience(long stallMillis, int tries) {
        return new Patience(
                Duration.ofSeconds(5), Duration.ofMillis(stallMillis), tries, Duration.ofMillis(5));
    }

    void fetch(Patience patience, Pin pin) throws IOException {
        new Download(patience, Optional.empty(), Proxies.NONE)
                .fetch(server.url("/f"), target, pin, Progress.NONE);
    }

    void assertWhole() throws IOException {
        assertThat(target).hasBinaryContent(FILE);
        assertThat(leftovers()).containsExactly("model.safetensors");
    }

    List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .toList();
        }
    }

    Path part() {
        return target.resolveSibling("model.safetensors.part");
    }

    @Override
    public void close() {
        server.close();
    }
}
