package org.diagonal.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A browser without a window and without a network, which keeps a log of what pages ask for. */
public final class Chromium {

    private static final String MISSING =
            "no Chromium on this machine: install Debian's chromium, or set CHROMIUM to its program";

    private final String program;
    private final Path work;

    private Chromium(String program, Path work) {
        this.program = program;
        this.work = work;
    }

    /**
     * What became of a page.
     *
     * @param dom the document after it was loaded
     * @param complaints lines of the page's console
     * @param requests addresses that it asked the network for
     */
    public record Visit(String dom, List<String> complaints, List<String> requests) {}

    /** The machine's browser; a test that calls this is left out where there is none. */
    public static Chromium required(Path work) {
        Optional<String> program =
                Stream.of(
                                System.getenv().getOrDefault("CHROMIUM", ""),
                                "chromium",
                                "chromium-browser",
                                "google-chrome")
                        .filter(name -> !name.isEmpty())
                        .filter(Chromium::isThere)
                        .findFirst();
        Assumptions.assumeTrue(program.isPresent(), MISSING);
        return new Chromium(program.get(), work);
    }

    private static boolean isThere(String name) {
        return Stream.concat(
                        Stream.of(""),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)))
                .map(folder -> folder.isEmpty() ? Path.of(name) : Path.of(folder, name))
                .anyMatch(Files::isExecutable);
    }

    /** Opens a page. */
    public Visit open(Path page) throws Exception {
        return visit(page.toAbsolutePath().toUri().toString(), List.of());
    }

    /** How wide a page becomes in a window of some width: no wider, if nothing sticks out. */
    public int widthOf(Path page, int window) throws Exception {
        Path frame = work.resolve("frame-" + window + ".html");
        Files.writeString(
                frame,
                """
                <!DOCTYPE html><title>measuring</title><iframe id="page" width="%d" height="800"
                style="border:0" src="%s"></iframe><output id="width"></output><script>
                page.onload = () => width.textContent = "width=" + page.contentDocument.documentElement.scrollWidth;
                </script>
                """
                        .formatted(window, page.toAbsolutePath().toUri()));
        Visit visit = visit(frame.toUri().toString(), List.of("--allow-file-access-from-files"));
        String found = visit.dom().replaceFirst("(?s).*width=(\\d+)</output>.*", "$1");
        return Integer.parseInt(found);
    }

    /** How many open tables of a page are wider than their place in a window. */
    public int cutTables(Path page, int window) throws Exception {
        Path frame = work.resolve("tables-" + window + ".html");
        Files.writeString(
                frame,
                """
                <!DOCTYPE html><title>measuring</title><iframe id="page" width="%d" height="800"
                style="border:0" src="%s"></iframe><output id="cut"></output><script>
                page.onload = () => cut.textContent = "cut=" + [...page.contentDocument
                    .querySelectorAll(".scroll")].filter(box => box.scrollWidth > box.clientWidth + 1).length;
                </script>
                """
                        .formatted(window, page.toAbsolutePath().toUri()));
        Visit visit = visit(frame.toUri().toString(), List.of("--allow-file-access-from-files"));
        return Integer.parseInt(visit.dom().replaceFirst("(?s).*cut=(\\d+)</output>.*", "$1"));
    }

    /** Pages of paper that a page takes when it is printed. */
    public int printedPages(Path page) throws Exception {
        Path pdf = work.resolve("printed.pdf");
        Files.deleteIfExists(pdf);
        visit(page.toAbsolutePath().toUri().toString(), List.of("--print-to-pdf=" + pdf));
        String text = Files.readString(pdf, StandardCharsets.ISO_8859_1);
        return (int) Pattern.compile("/Type\\s*/Page\\b").matcher(text).results().count();
    }

    /** What is waited for while a page of this machine's own server is open. */
    @FunctionalInterface
    public interface Waiting {

        /** Waits for it. */
        String get() throws Exception;
    }

    /** Opens a page of a server on this machine until something has happened. */
    public String meanwhile(String address, Waiting waiting) throws Exception {
        Path log = Files.createTempFile(work, "chromium", ".log");
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(flags(Files.createTempFile(work, "chromium", ".json")));
        line.remove("--dump-dom");
        line.replaceAll(flag -> flag.replace("~NOTFOUND", "~NOTFOUND, EXCLUDE 127.0.0.1"));
        line.add(address);
        Process process =
                new ProcessBuilder(line)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(log.toFile())
                        .start();
        try {
            return waiting.get();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Visit visit(String address, List<String> more) throws Exception {
        Path log = Files.createTempFile(work, "chromium", ".log");
        Path dom = Files.createTempFile(work, "chromium", ".html");
        Path net = Files.createTempFile(work, "chromium", ".json");
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(flags(net));
        line.addAll(more);
        line.add(address);
        Process process =
                new ProcessBuilder(line)
                        .redirectOutput(dom.toFile())
                        .redirectError(log.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Chromium does not end: " + Files.readString(log));
        }
        List<String> complaints =
                Files.readAllLines(log).stream().filter(text -> text.contains("CONSOLE")).toList();
        return new Visit(Files.readString(dom), complaints, requests(net));
    }

    private List<String> flags(Path net) {
        return List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--user-data-dir=" + work.resolve("profile"),
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--log-net-log=" + net,
                "--enable-logging=stderr",
                "--dump-dom");
    }

    /** Addresses that pages asked for; the browser's own requests have "not an origin". */
    private static List<String> requests(Path net) throws IOException {
        List<String> requests = new ArrayList<>();
        for (String line : Files.readAllLines(net)) {
            if (line.contains("\"initiator\":")) {
                JsonNode event = new ObjectMapper().readTree(line).path("params");
                boolean own = event.path("initiator").asText().equals("not an origin");
                String address = event.path("url").asText();
                if (!own && !address.matches("(file|data|about|blob):.*")) {
                    requests.add(address);
                }
            }
        }
        return requests;
    }
}
