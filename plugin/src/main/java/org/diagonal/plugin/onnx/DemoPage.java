package org.diagonal.plugin.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.diagonal.plugin.onnx.graph.Dtype;

/**
 * A page beside an exported model that loads it in a browser and generates text. It holds all it
 * needs but the script of transformers.js.
 */
final class DemoPage {

    /** The page's name in the folder. */
    static final String FILE = "demo.html";

    private static final ObjectMapper JSON = new ObjectMapper();

    private DemoPage() {}

    /**
     * Writes it.
     *
     * @param title what the model is called
     * @param script where transformers.js lies, as the page names it: a path from the page on, or
     *     an address
     */
    static void write(Path folder, String title, ClientFiles clients, String script)
            throws IOException {
        Files.writeString(folder.resolve(FILE), text(title, clients, script));
    }

    private static String text(String title, ClientFiles clients, String script)
            throws IOException {
        return template()
                .replace("{{forms}}", forms(clients))
                .replace("{{context}}", Integer.toString(clients.config().nPositions()))
                .replace("{{script}}", quoted(script))
                .replace("{{title}}", escaped(title));
    }

    /** The form that clients take by default comes first, and is chosen. */
    private static String forms(ClientFiles clients) {
        List<Dtype> others =
                clients.settings().dtypes().stream()
                        .filter(dtype -> dtype != clients.usual())
                        .toList();
        String first = "<option>" + clients.usual().word();
        return others.stream()
                .map(dtype -> "<option>" + dtype.word())
                .collect(Collectors.joining("", first, ""));
    }

    private static String template() throws IOException {
        try (InputStream in = DemoPage.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("this program lacks its page " + FILE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As JavaScript inside a script element takes it. */
    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // every string can be written
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
