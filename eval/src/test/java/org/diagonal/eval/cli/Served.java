package org.diagonal.eval.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A web server on this machine alone, and what its pages post to {@code /result}. */
final class Served implements AutoCloseable {

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html",
                    "js", "text/javascript",
                    "mjs", "text/javascript",
                    "json", "application/json",
                    "wasm", "application/wasm");

    private final HttpServer server;
    private final Map<String, List<Path>> folders;
    private final BlockingQueue<String> results = new ArrayBlockingQueue<>(8);

    /**
     * Begins to serve.
     *
     * @param folders by the first part of the path: a file is looked for in each in turn
     */
    Served(Map<String, List<Path>> folders) throws IOException {
        this.folders = Map.copyOf(folders);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "served");
                            thread.setDaemon(true);
                            return thread;
                        }));
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a page posts next, waited for. */
    Optional<String> result(int seconds) throws InterruptedException {
        return Optional.ofNullable(results.poll(seconds, TimeUnit.SECONDS));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/result")) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                results.add(new String(body, StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            Optional<Path> file = file(path);
            if (file.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String name = file.get().getFileName().toString();
            String type = name.substring(name.lastIndexOf('.') + 1);
            exchange.getResponseHeaders()
                    .set("Content-Type", TYPES.getOrDefault(type, "application/octet-stream"));
            exchange.sendResponseHeaders(200, Files.size(file.get()));
            Files.copy(file.get(), exchange.getResponseBody());
        }
    }

    private Optional<Path> file(String path) {
        String[] parts = path.substring(1).split("/", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return folders.getOrDefault(parts[0], List.of()).stream()
                .map(folder -> folder.resolve(parts[1]).normalize())
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
