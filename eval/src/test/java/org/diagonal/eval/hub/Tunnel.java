package org.diagonal.eval.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An HTTPS server that calls itself {@code far.example} and is only reached through a proxy that
 * passes bytes on: everything on this machine.
 */
final class Tunnel implements AutoCloseable {

    static final String HOST = "far.example";

    static final String PASSWORD = "changeit";

    /** The first line of each request to the proxy, and the credentials that came with it. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** The paths asked for at the server. */
    final List<String> paths = new CopyOnWriteArrayList<>();

    final Path keys;
    final SSLContext context;
    private final String credentials;
    private final HttpsServer server;
    private final ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * Starts both.
     *
     * @param credentials what the proxy wants to see; empty for nothing
     */
    Tunnel(Path folder, String credentials, HttpHandler handler) throws Exception {
        this.credentials = credentials;
        keys = keys(folder);
        context = context(keys);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/",
                exchange -> {
                    paths.add(exchange.getRequestURI().getPath());
                    try (exchange) {
                        handler.handle(exchange);
                    }
                });
        server.start();
        threads.execute(this::accept);
    }

    int port() {
        return proxy.getLocalPort();
    }

    private static Path keys(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        Process made =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + HOST,
                                "-ext",
                                "san=dns:" + HOST,
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        if (made.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        return store;
    }

    private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private void accept() {
        while (!proxy.isClosed()) {
            try {
                Socket client = proxy.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (true) {
                String head = head(client.getInputStream());
                if (head.isEmpty()) {
                    return;
                }
                String known =
                        head.lines()
                                .filter(line -> line.startsWith("Proxy-Authorization: "))
                                .map(line -> line.substring("Proxy-Authorization: ".length()))
                                .findFirst()
                                .orElse("");
                asked.add(head.lines().findFirst().orElse("") + " [" + known + "]");
                if (!known.equals(credentials)) {
                    answer(
                            client,
                            String.join(
                                    "\r\n",
                                    "407 Proxy Authentication Required",
                                    "Proxy-Authenticate: Basic realm=\"p\"",
                                    "Content-Length: 0"));
                    continue;
                }
                answer(client, "200 Connection established");
                join(client);
                return;
            }
        } catch (IOException e) {
            return; // the client is gone
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    private static void answer(Socket client, String words) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + words + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    private void join(Socket client) throws IOException {
        try (Socket far =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            threads.execute(() -> pass(client, far));
            far.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            return; // one of them is gone
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
