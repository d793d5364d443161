package org.diagonal.eval.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on this machine that behaves, or misbehaves, as each path is told to. */
final class TestServer implements AutoCloseable {

    static {
        // Else each answer waits 40 ms for an acknowledgement between its headers and its body.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** One request as it came. */
    record Request(String path, String range, String ifRange, String authorization) {

        /** The byte it asks for first. */
        int from() {
            return start(range);
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    TestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    URI endpoint() {
        return url("");
    }

    TestServer on(String path, HttpHandler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** Each request of the path gets the next of these; the last one stays. */
    TestServer inTurn(String path, HttpHandler... turns) {
        AtomicInteger turn = new AtomicInteger();
        return on(
                path,
                exchange ->
                        turns[Math.min(turn.getAndIncrement(), turns.length - 1)].handle(exchange));
    }

    List<String> paths() {
        return requests.stream().map(Request::path).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(
                new Request(
                        path,
                        header(exchange, "Range"),
                        header(exchange, "If-Range"),
                        header(exchange, "Authorization")));
        try (exchange) {
            handlers.getOrDefault(path, status(404)).handle(exchange);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    static HttpHandler status(int code) {
        return exchange -> exchange.sendResponseHeaders(code, -1);
    }

    static HttpHandler text(String text) {
        return file(text.getBytes(UTF_8), "");
    }

    /** A file as good servers have it: with Range and If-Range. An empty ETag is not sent. */
    static HttpHandler file(byte[] bytes, String etag) {
        return exchange -> {
            if (!etag.isEmpty()) {
                exchange.getResponseHeaders().set("ETag", etag);
            }
            String range = header(exchange, "Range");
            String ifRange = header(exchange, "If-Range");
            int from = start(range);
            boolean changed = !ifRange.isEmpty() && !ifRange.equals(etag);
            if (range.isEmpty() || changed) {
                send(exchange, 200, bytes);
            } else if (from >= bytes.length) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
                exchange.sendResponseHeaders(416, -1);
            } else {
                exchange.getResponseHeaders()
                        .set(
                                "Content-Range",
                                "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
                send(exchange, 206, Arrays.copyOfRange(bytes, from, bytes.length));
            }
        };
    }

    /**
     * Promises all bytes from the asked one on and hangs up after so many; the last may be lost.
     */
    static HttpHandler cutAfter(int count, byte[] bytes, String etag) {
        return exchange -> promise(exchange, count, bytes, etag);
    }

    /** Sends so many bytes and then nothing, with the connection open. */
    HttpHandler stallAfter(int count, byte[] bytes, String etag) {
        return exchange -> {
            promise(exchange, count, bytes, etag);
            await();
        };
    }

    /** Takes the request and says nothing. */
    HttpHandler silent() {
        return exchange -> await();
    }

    /** Sends the bytes without saying how many they are. */
    static HttpHandler chunked(byte[] bytes) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** As the hub does for large files. */
    static HttpHandler redirect(URI to, String sha256, long bytes) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to.toString());
            exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + sha256 + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", Long.toString(bytes));
            send(exchange, 302, "Found. Redirecting".getBytes(UTF_8));
        };
    }

    private static void promise(HttpExchange exchange, int count, byte[] bytes, String etag)
            throws IOException {
        int from = start(header(exchange, "Range"));
        if (!etag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        exchange.getResponseHeaders()
                .set(
                        "Content-Range",
                        "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        exchange.sendResponseHeaders(from == 0 ? 200 : 206, bytes.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, from, count);
        out.flush();
    }

    private static int start(String range) {
        return range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    private static void send(HttpExchange exchange, int code, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
