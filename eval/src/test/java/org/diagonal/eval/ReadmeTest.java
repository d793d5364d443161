package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.diagonal.plugin.product.Product;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands and the Java of README and its guides run as written, trainings cut to few steps.
 */
@Tag("process")
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));

    /** What takes minutes, or the network, in a user's hands: only its options are checked. */
    private static final Pattern PARSED_ONLY = Pattern.compile(".*(gpt2|wikitext-|bench).*");

    private static final Pattern TRAINS =
            Pattern.compile("(fine-tune|pretrain|compare(?! runs/)).*");

    /** README first: the guides use the runs that it makes. */
    private static final List<String> PAGES =
            List.of("README.md", "templates/README.md", "eval/README.md", "plugin/README.md");

    private static String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String page : PAGES) {
            text.append(Files.readString(ROOT.resolve(page)));
        }
        return text.toString();
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text());
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static List<String> commands() throws IOException {
        return blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("./diagonal "))
                .map(line -> line.substring("./diagonal ".length()))
                .toList();
    }

    /** As a shell splits them: what stands between quotes is one word. */
    private static List<String> words(String command) {
        return Pattern.compile("\"([^\"]*)\"|\\S+")
                .matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void everyCommandRuns(@TempDir Path work) throws Exception {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThan(10);
        Files.writeString(work.resolve("order.yaml"), blocks("yaml").get(0));
        Files.writeString(
                work.resolve("heads.yaml"),
                blocks("yaml")
                        .get(1)
                        .replace("n: 64,", "n: 4, epochs: 1,")
                        .replace("[1, 4, 16]", "[1]"));
        Files.writeString(work.resolve("short.txt"), "The sitting was closed. ".repeat(200));
        for (String command : commands) {
            List<String> words = words(command);
            if (PARSED_ONLY.matcher(command).matches()) {
                words.add("--help"); // every other option is still checked
                run(work, words);
                continue;
            }
            if (command.contains("task:")) {
                run(work, shortened(words));
                continue;
            }
            if (command.startsWith("ablate") || command.contains("--scale-")) {
                words.addAll(List.of("--limit", "12", "--quiet")); // once for each head
            }
            if (TRAINS.matcher(command).matches() && !words.contains("--help")) {
                words.addAll(List.of("--max-steps", "1", "--batch-size", "2", "--quiet"));
                words.addAll(List.of("--valid-data", "short.txt"));
                if (command.startsWith("compare")) {
                    words.addAll(List.of("--test-data", "short.txt"));
                }
            }
            run(work, words);
        }
        assertTheDefaultComparisonIsWhatReadmeSays(work.resolve("runs"));
    }

    /** The command without options: three seeds, and the model before. */
    private static void assertTheDefaultComparisonIsWhatReadmeSays(Path runs) throws IOException {
        try (Stream<Path> folders = Files.list(runs)) {
            Path own =
                    folders.filter(path -> path.getFileName().toString().startsWith("compare-"))
                            .findFirst()
                            .orElseThrow();
            assertThat(Files.readString(own.resolve("compare.json")))
                    .contains("\"seeds\" : 3", "\"before\" : {", "none-seed44", "both-seed44");
        }
    }

    /** A command on a template task, made short by a configuration file, and by flags. */
    private static List<String> shortened(List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (words.get(0).equals("ablate")) {
            all.addAll(List.of("--test-samples", "8", "--quiet"));
            return all;
        }
        if (words.get(0).equals("kernel")) {
            all.addAll(List.of("--points", "32", "--quiet"));
            return all;
        }
        if (words.get(0).equals("curve")) {
            all.replaceAll(word -> word.matches("[0-9]+(,[0-9]+)+") ? "4" : word);
            all.addAll(List.of("--epochs", "1", "--valid-n", "4", "--test-n", "4", "--quiet"));
        } else {
            int epochs = all.indexOf("--epochs");
            all.set(epochs, "--max-steps");
            all.set(epochs + 1, "1");
            all.addAll(List.of("--samples", "8", "--test-samples", "8", "--quiet"));
        }
        return all;
    }

    private static void run(Path work, List<String> words) throws Exception {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.graph_optimizer=false",
                                "org.diagonal.eval.Main"));
        line.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("output.txt").toFile());
        Map<String, String> environment = builder.environment();
        // Not as -cp: ONNX Runtime, which --version loads, does not stand long command lines.
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        environment.put("GOMP_SPINCOUNT", "10000"); // as the launcher has it
        environment.put("DIAGONAL_CACHE", work.resolve("cache").toString());
        int code = builder.start().waitFor();
        assertThat(code)
                .as(String.join(" ", words) + "\n" + Files.readString(work.resolve("output.txt")))
                .isZero();
    }

    private static final String DJL =
            """
            import ai.djl.inference.Predictor;
            import ai.djl.ndarray.NDArray;
            import ai.djl.ndarray.NDList;
            import ai.djl.ndarray.NDManager;
            import ai.djl.repository.zoo.Criteria;
            import ai.djl.repository.zoo.ZooModel;
            """;

    private static final String ONNX_RUNTIME =
            """
            import ai.onnxruntime.*;
            import java.nio.FloatBuffer;
            import java.util.HashMap;
            import java.util.Map;
            """;

    private static final String DIAGONAL =
            """
            import ai.djl.Device;
            import java.nio.file.Path;
            import org.diagonal.plugin.Diagonal;
            import org.diagonal.plugin.finetune.Examples;
            import org.diagonal.plugin.identity.Arm;
            import org.diagonal.plugin.identity.IdentityScalings;
            """;

    @Test
    void theJavaThatFineTunesAndExportsCompilesAndRuns(@TempDir Path work) throws Exception {
        String java = snippet("Diagonal.load");
        Path model = Path.of("..", "models", "nano").toAbsolutePath().normalize();
        assertThat(java).contains("\"models/nano\"");
        List<String> lines =
                output(work, DIAGONAL, java.replace("models/nano", model.toString()))
                        .lines()
                        .toList();
        Matcher perplexities =
                lines.stream()
                        .map(Pattern.compile("perplexity ([\\d.]+), then ([\\d.]+)")::matcher)
                        .filter(Matcher::matches)
                        .findFirst()
                        .orElseThrow();
        assertThat(Double.parseDouble(perplexities.group(2)))
                .isLessThan(Double.parseDouble(perplexities.group(1)) / 10);
        assertThat(lines).anyMatch(line -> line.matches("The sitting was .+"));
        assertThat(lines).contains(Path.of("tuned-onnx", "onnx", "model.onnx").toString());
        assertThat(work.resolve("tuned/model.safetensors")).exists();
        assertThat(work.resolve("tuned-onnx/onnx/model.onnx")).exists();
    }

    @Test
    void theCoordinatesAreThoseOfTheBuild() throws Exception {
        String readme = text();
        Matcher dependencies =
                Pattern.compile(
                                "<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>"
                                        + "|`[a-z.]+:([a-z-]+):([\\d.]+)`")
                        .matcher(readme);
        Map<String, String> named = new TreeMap<>();
        while (dependencies.find()) {
            boolean xml = dependencies.group(1) != null;
            named.put(dependencies.group(xml ? 1 : 3), dependencies.group(xml ? 2 : 4));
        }
        assertThat(named)
                .containsOnlyKeys(
                        "diagonal-plugin",
                        "pytorch-engine",
                        "onnxruntime",
                        "tribuo-util-onnx",
                        "jtokkit")
                .containsEntry("diagonal-plugin", Product.version())
                .containsEntry("pytorch-engine", Engine.getDjlVersion());
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        for (String artifact : List.of("onnxruntime", "tribuo-util-onnx", "jtokkit")) {
            String property = artifact.equals("tribuo-util-onnx") ? "tribuo" : artifact;
            assertThat(pom).contains("<%s.version>%s</".formatted(property, named.get(artifact)));
        }
    }

    @Test
    void theJavaForDjlCompilesAndRuns(@TempDir Path work) throws Exception {
        assertThat(output(work, DJL, withNano(snippet("Criteria<NDList"))))
                .contains("(1, 2, 50257)");
    }

    @Test
    void theJavaForTextCompilesAndGoesOnWithThePrompt(@TempDir Path work) throws Exception {
        assertThat(output(work, DJL, withNano(snippet("Criteria<String"))))
                .containsPattern("(?s)The European Union.{10,}");
    }

    @Test
    void theJavaForOnnxRuntimeCompilesAndRuns(@TempDir Path work) throws Exception {
        Path model = ROOT.resolve("models").resolve("nano");
        run(work, List.of("export", "--quiet", "--model", model.toString(), "--out", "exported"));
        String java = snippet("OrtSession");
        assertThat(java.lines()).hasSize(10);
        String shape = "\nSystem.out.println(logits[0].length + \" x \" + logits[0][2].length);\n";
        assertThat(output(work, ONNX_RUNTIME, java + shape)).contains("3 x 50257");
    }

    /** The first piece of README's Java with a word in it. */
    private static String snippet(String word) throws Exception {
        return blocks("java").stream()
                .filter(text -> text.contains(word))
                .findFirst()
                .orElseThrow();
    }

    /** A snippet with the bundled model as the run that it loads. */
    private static String withNano(String snippet) {
        assertThat(snippet).contains("\"runs/both\"");
        Path model = Path.of("..", "models", "nano").toAbsolutePath().normalize();
        return snippet.replace("runs/both", model.toString());
    }

    /** What a program prints that holds nothing else. */
    private static String output(Path work, String imports, String snippet) throws Exception {
        String source =
                """
                %s
                public class Snippet {
                    public static void main(String[] args) throws Exception {
                %s
                    }
                }
                """
                        .formatted(imports, snippet);
        Path file = Files.writeString(work.resolve("Snippet.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classes = System.getProperty("java.class.path");
        String[] arguments = {"-cp", classes, "-d", work.toString(), file.toString()};
        assertThat(compiler.run(null, null, null, arguments)).isZero();
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dai.djl.offline=true",
                                "Snippet")
                        .directory(work.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", work + java.io.File.pathSeparator + classes);
        Process process = builder.start();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void theModulesOfTheTableAreThoseOfTheTree() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        for (String name :
                List.of("plugin", "wikitext", "templates", "eval", "models", "reports")) {
            assertThat(readme).contains("| `" + name + "` |");
            assertThat(ROOT.resolve(name)).isDirectory();
        }
    }
}
