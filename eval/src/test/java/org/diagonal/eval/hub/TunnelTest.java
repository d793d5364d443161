package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.diagonal.eval.cli.Tiny;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads over HTTPS through a proxy, which is asked to pass bytes on: CONNECT. */
@Tag("slow")
class TunnelTest {

    @TempDir Path work;

    @Test
    void aFileComesThroughTheTunnelOfTheEnvironmentsProxy() throws Exception {
        SSLContext before = SSLContext.getDefault();
        Path target = work.resolve("model.safetensors");
        try (Tunnel tunnel = new Tunnel(work, "", TestServer.file(DownloadPlace.FILE, ""))) {
            SSLContext.setDefault(tunnel.context);
            Proxies proxies =
                    Proxies.from(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + tunnel.port()));
            new Download(DownloadPlace.SHORT, Optional.empty(), proxies)
                    .fetch(
                            URI.create("https://" + Tunnel.HOST + "/f"),
                            target,
                            DownloadPlace.PIN,
                            Progress.NONE);
            assertThat(tunnel.asked).containsExactly("CONNECT far.example:443 HTTP/1.1 []");
        } finally {
            SSLContext.setDefault(before);
        }
        assertThat(target).hasBinaryContent(DownloadPlace.FILE);
    }

    @Test
    void aProxyThatAsksForAPasswordGetsItAndNobodyElseSeesIt() throws Exception {
        File output = work.resolve("output").toFile();
        String credentials = "Basic bWU6c2VjcmV0";
        try (Tunnel tunnel = new Tunnel(work, credentials, TestServer.status(404))) {
            Process process = download(tunnel, output);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(tunnel.asked)
                    .startsWith(
                            "CONNECT far.example:443 HTTP/1.1 []",
                            "CONNECT far.example:443 HTTP/1.1 [" + credentials + "]");
            assertThat(tunnel.paths).first().asString().startsWith("/distilbert/");
            assertThat(output).content().contains("far.example").doesNotContain("secret");
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }

    @Test
    void aProxyThatRefusesIsNamedInALineWithoutItsPassword() throws Exception {
        File output = work.resolve("output").toFile();
        try (Tunnel tunnel = new Tunnel(work, "Basic other", TestServer.status(404))) {
            Process process = download(tunnel, output);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(Files.readAllLines(output.toPath()))
                    .last()
                    .asString()
                    .startsWith("diagonal models: ")
                    .contains("127.0.0.1", "407")
                    .doesNotContain("secret");
            assertThat(process.exitValue()).isEqualTo(1);
        }
    }

    private Process download(Tunnel tunnel, File output) throws Exception {
        List<String> line = Tiny.line("models", "distilgpt2", "--download", "--quiet");
        line.add(1, "-Djavax.net.ssl.trustStore=" + tunnel.keys);
        line.add(1, "-Djavax.net.ssl.trustStorePassword=" + Tunnel.PASSWORD);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("HF_ENDPOINT", "https://" + Tunnel.HOST);
        builder.environment().put("HTTPS_PROXY", "http://me:secret@127.0.0.1:" + tunnel.port());
        builder.environment().put("DIAGONAL_CACHE", work.resolve("cache").toString());
        builder.environment().remove("NO_PROXY");
        builder.environment().remove("no_proxy");
        return builder.start();
    }
}
