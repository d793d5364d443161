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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.Chromium;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
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
    private static final int SECONDS = 180;

    /** A difference of logits that rounding activations to 8 bits may turn around. */
    private static final float TIE = 0.1f;

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
                array.set(manager.randomNormal(array.getShape()).mul(0.02f).toFloatArray());
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

    static Stream<Arguments> everyModel() {
        return LIBRARIES.stream()
                .flatMap(library -> MODELS.stream().map(model -> Arguments.of(library, model)));
    }

    @ParameterizedTest
    @MethodSource("everyModel")
    void nodeGeneratesTheSameText(String library, String model) throws Exception {
        JsonNode answers = node(library, model, String.join(",", FORMS), TOKENS, PROMPTS);
        for (String form : FORMS) {
            JsonNode answer = answers.path(form);
            assertThat(texts(answer.path("alone"))).as(form).isEqualTo(expected(model, form));
            List<String> batch = texts(answer.path("batch"));
            assertThat(batch).hasSameSizeAs(PROMPTS);
            if (!form.equals("q8")) { // there one scale rounds all rows and their padding
                assertThat(batch).as(form).isEqualTo(expected(model, form));
            }
        }
    }

    private static JsonNode node(
            String library, String model, String forms, int tokens, List<String> prompts)
            throws Exception {
        List<String> line = new ArrayList<>(List.of("node", "generate.mjs", library));
        line.addAll(List.of(work.resolve(model).toString(), forms, Integer.toString(tokens)));
        line.addAll(prompts);
        Path said = Files.createTempFile(work, "node", ".json");
        Path log = Files.createTempFile(work, "node", ".log");
        Process process =
                new ProcessBuilder(line)
                        .directory(scripts.toFile())
                        .redirectOutput(said.toFile())
                        .redirectError(log.toFile())
                        .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
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

    /** Clients ask the tokenizer how long a prompt may be, and cut what is longer. */
    @ParameterizedTest
    @ValueSource(strings = {"transformers3", "transformers4"})
    void aPromptLongerThanTheContextIsCut(String library) throws Exception {
        List<String> prompts = List.of("the ".repeat(400));
        assertThat(node(library, "scaled", "fp32", 1, prompts).at("/fp32/alone")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("everyModel")
    void aBrowserGeneratesTheSameText(String library, String model) throws Exception {
        String page =
                "/page/browser.html?library=/%s/transformers.min.js&folder=%s&dtypes=%s,-&tokens=%d&prompts=%s"
                        .formatted(
                                library,
                                model,
                                String.join(",", FORMS),
                                TOKENS,
                                encoded(JSON.writeValueAsString(PROMPTS)));
        JsonNode answers = opened(served, page);
        assertThat(answers.path("error").asText()).isEmpty();
        for (String form : FORMS) {
            assertSame(model, form, texts(answers.path(form)));
        }
        // What it takes by itself is q8, without a word in config.json.
        assertThat(texts(answers.path("-"))).isEqualTo(texts(answers.path("q8")));
    }

    /**
     * Checks that texts are those of the command line. WebAssembly's kernels round the activations
     * of quantized forms in another way: where two tokens are as good as equally likely, and only
     * there, a text may go on with the other.
     */
    private static void assertSame(String model, String form, List<String> found)
            throws IOException {
        List<String> expected = expected(model, form);
        if (form.startsWith("fp")) {
            assertThat(found).as(form).isEqualTo(expected);
            return;
        }
        assertThat(found).as(form).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            if (!found.get(i).equals(expected.get(i))) {
                assertThat(lead(model, form, expected.get(i), found.get(i)))
                        .as("%s: '%s' instead of '%s'", form, found.get(i), expected.get(i))
                        .isBetween(0f, TIE);
            }
        }
    }

    /** By how much a logit of the file exceeds that of another text's token, where they part. */
    private static float lead(String model, String form, String text, String other)
            throws IOException {
        try (ModelTokenizer tokenizer = ModelTokenizer.gpt2();
                OnnxModel file =
                        OnnxModel.open(
                                work.resolve(model),
                                Dtype.valueOf(form.toUpperCase(Locale.ROOT)),
                                1)) {
            long[] ids = tokenizer.tokenizer().encode(text, false, false).getIds();
            long[] others = tokenizer.tokenizer().encode(other, false, false).getIds();
            int parting = Arrays.mismatch(ids, others);
            try (OnnxStep step = file.run(new long[][] {Arrays.copyOf(ids, parting)})) {
                int last = (parting - 1) * file.outputs();
                return step.logits().get(last + (int) ids[parting])
                        - step.logits().get(last + (int) others[parting]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformers3", "transformers4"})
    void theDemonstrationGenerates(String library) throws Exception {
        Path out = work.resolve("demo-" + library);
        Path model = work.resolve("nano-scaled");
        String script = "/" + library + "/transformers.min.js";
        run("export", "--model", model, "--out", out, "--demo", "--demo-script", script);
        Map<String, List<Path>> folders = new HashMap<>();
        folders.put("page", List.of(scripts));
        folders.put("exported", List.of(out));
        folders.put(library, browserFiles(library));
        try (Served own = new Served(folders)) {
            String demo =
                    "/exported/demo.html?run&dtype=fp32&tokens=%d&prompt=%s"
                            .formatted(TOKENS, encoded(PROMPTS.get(1)));
            JsonNode answer = opened(own, "/page/frame.html?page=" + encoded(demo));
            assertThat(answer.path("state").asText()).as(answer.toString()).startsWith("Done");
            assertThat(answer.path("text").asText())
                    .as(answer.toString())
                    .isEqualTo(expected("scaled", "fp32").get(1));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What a page posts once it is done. */
    private static JsonNode opened(Served server, String page) throws Exception {
        String answer =
                Chromium.required(work)
                        .meanwhile(
                                server.address() + page,
                                () -> server.result(SECONDS).orElse("{\"error\": \"no end\"}"));
        return JSON.readTree(answer);
    }
}
