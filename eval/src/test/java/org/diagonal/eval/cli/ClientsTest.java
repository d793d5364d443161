package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.Chromium;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * transformers.js, as npm has it, generates from exported folders what {@code diagonal generate}
 * does with the same file: under Node and in Chromium. Needs both, and the packages beside this
 * test's scripts: the Maven profile {@code clients} brings them.
 */
@Tag("clients")
class ClientsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LIBRARIES = List.of("transformers3", "transformers4");
    private static final List<String> MODELS = List.of("plain", "scaled");
    private static final List<String> FORMS = List.of("fp32", "fp16", "q8", "q4");
    private static final List<String> PROMPTS =
            List.of("parliament: a", "The sitting", "of or relating to the");
    private static final int TOKENS = 12;

    @TempDir static Path work;
    private static Path scripts;
    private static Served served;
    private static final Map<String, List<String>> EXPECTED = new HashMap<>();

    @BeforeAll
    static void export() throws Exception {
        scripts =
                Path.of(ClientsTest.class.getResource("/clients/generate.mjs").toURI()).getParent();
        assertThat(scripts.resolve("node_modules"))
                .as("npm's packages, which -Pclients installs")
                .isDirectory();
        Path nano = Path.of(System.getProperty("diagonal.root"), "models", "nano");
        scaled(nano, work.resolve("nano-scaled"));
        run("export", "--model", nano, "--out", work.resolve("plain"));
        run("export", "--model", work.resolve("nano-scaled"), "--out", work.resolve("scaled"));
        Map<String, List<Path>> folders = new HashMap<>();
        folders.put("page", List.of(scripts));
        MODELS.forEach(model -> folders.put(model, List.of(work.resolve(model))));
        LIBRARIES.forEach(library -> folders.put(library, browserFiles(library)));
        served = new Served(folders);
    }

    /** The library's browser files, and the WebAssembly of the runtime that it depends on. */
    private static List<Path> browserFiles(String library) {
        Path modules = scripts.resolve("node_modules");
        Path own = modules.resolve(library);
        return Stream.of(
                        own,
                        own.resolve("node_modules/onnxruntime-web"),
                        modules.resolve("onnxruntime-web"))
                .map(folder -> folder.resolve("dist"))
                .filter(Files::isDirectory)
                .toList();
    }

    @AfterAll
    static void close() {
        if (served != null) {
            served.close();
        }
    }

    /** The bundled model with scalings of both circuits, as if a training had left them. */
    private static void scaled(Path nano, Path out) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2Config config =
                    Gpt2Config.read(nano).withScalings(new IdentityScalings(1, 1, true));
            Gpt2 network = ModelFolder.load(nano, config, manager);
            Engine.getEngine("PyTorch").setRandomSeed(7);
            for (String name : network.scalings()) {
                var array = network.parameters().get(name).getArray();
                array.set(manager.randomNormal(array.getShape()).mul(0.2f).toFloatArray());
            }
            ModelFolder.save(network, out, TensorType.F32);
        }
    }

    private static String run(Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add(1, "--quiet");
        if (words[0].equals("export")) {
            all.addAll(List.of("--dtype", String.join(",", FORMS)));
        }
        Toy.Result result = Tiny.run(all.toArray());
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    /** What the command line generates. */
    private static List<String> expected(String model, String form) {
        return EXPECTED.computeIfAbsent(
                model + form,
                unused ->
                        PROMPTS.stream()
                                .map(
                                        prompt ->
                                                run(
                                                        "generate",
                                                        "--model",
                                                        work.resolve(model),
                                                        "--dtype",
                                                        form,
                                                        "--prompt",
                                                        prompt,
                                                        "--max-new-tokens",
                                                        TOKENS))
                                .map(text -> text.replaceFirst("\\R$", ""))
                                .toList());
    }

    static Stream<Arguments> everyForm() {
        return LIBRARIES.stream()
                .flatMap(
                        library ->
                                MODELS.stream()
                                        .flatMap(
                                                model ->
                                                        FORMS.stream()
                                                                .map(
                                                                        form ->
                                                                                Arguments.of(
                                                                                        library,
                                                                                        model,
                                                                                        form))));
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void nodeGeneratesTheSameText(String library, String model, String form) throws Exception {
        JsonNode answer = node(library, model, form);
        assertThat(texts(answer.path("alone"))).isEqualTo(expected(model, form));
        assertThat(answer.path("longest").asInt()).isEqualTo(256);
        List<String> batch = texts(answer.path("batch"));
        assertThat(batch).hasSameSizeAs(PROMPTS);
        if (!form.equals(
                "q8")) { // whose scale of activations is one for all rows and their padding
            assertThat(batch).isEqualTo(expected(model, form));
        }
    }

    private static JsonNode node(String library, String model, String form) throws Exception {
        List<String> line = new ArrayList<>(List.of("node", "generate.mjs", library));
        line.addAll(List.of(work.resolve(model).toString(), form, Integer.toString(TOKENS)));
        line.addAll(PROMPTS);
        return node(line);
    }

    private static JsonNode node(List<String> line) throws Exception {
        Path said = Files.createTempFile(work, "node", ".json");
        Path log = Files.createTempFile(work, "node", ".log");
        Process process =
                new ProcessBuilder(line)
                        .directory(scripts.toFile())
                        .redirectOutput(said.toFile())
                        .redirectError(log.toFile())
                        .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Node does not end: " + Files.readString(log));
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return JSON.readTree(Files.readString(said));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void aBrowserGeneratesTheSameText(String library, String model, String form) throws Exception {
        JsonNode answer = browser(library, model, form);
        assertThat(answer.path("error").asText()).isEmpty();
        assertThat(texts(answer.path("alone"))).isEqualTo(expected(model, form));
    }

    /** In a browser that is q8, without a word in config.json. */
    @ParameterizedTest
    @ValueSource(strings = {"transformers3", "transformers4"})
    void aBrowserFindsAFormByItself(String library) throws Exception {
        JsonNode answer = browser(library, "scaled", "-");
        assertThat(texts(answer.path("alone"))).isEqualTo(expected("scaled", "q8"));
    }

    private static JsonNode browser(String library, String model, String form) throws Exception {
        String page =
                "/page/browser.html?library=/%s/transformers.min.js&folder=%s&dtype=%s&tokens=%d&prompts=%s"
                        .formatted(
                                library,
                                model,
                                form,
                                TOKENS,
                                encoded(JSON.writeValueAsString(PROMPTS)));
        return opened(page);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode opened(String page) throws Exception {
        String answer =
                Chromium.required(work)
                        .meanwhile(
                                served.address() + page,
                                () ->
                                        served.result(60)
                                                .orElse("{\"error\": \"the page does not end\"}"));
        return JSON.readTree(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformers3", "transformers4"})
    void theDemonstrationGenerates(String library) throws Exception {
        Path out = work.resolve("demo-" + library);
        run(
                "export",
                "--model",
                work.resolve("nano-scaled"),
                "--out",
                out,
                "--demo",
                "--demo-script",
                "/" + library + "/transformers.min.js");
        try (Served own =
                new Served(
                        Map.of(
                                "page",
                                List.of(scripts),
                                "exported",
                                List.of(out),
                                library,
                                browserFiles(library)))) {
            String demo =
                    "/exported/demo.html?run&dtype=q4&tokens="
                            + TOKENS
                            + "&prompt="
                            + encoded(PROMPTS.get(1));
            String answer =
                    Chromium.required(work)
                            .meanwhile(
                                    own.address() + "/page/frame.html?page=" + encoded(demo),
                                    () -> own.result(60).orElse("{}"));
            assertThat(JSON.readTree(answer).path("text").asText())
                    .isEqualTo(expected("scaled", "q4").get(1));
        }
    }

    /**
     * Clients ask the tokenizer's configuration how long a prompt may be, and cut what is longer.
     */
    @ParameterizedTest
    @ValueSource(strings = {"transformers3", "transformers4"})
    void aPromptLongerThanTheContextIsCut(String library) throws Exception {
        List<String> line = new ArrayList<>(List.of("node", "generate.mjs", library));
        line.addAll(List.of(work.resolve("scaled").toString(), "fp32", "1", "the ".repeat(400)));
        assertThat(node(line).path("alone")).hasSize(1);
    }
}
