package org.diagonal.eval.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.diagonal.eval.Main;
import org.diagonal.eval.cli.listing.CacheCommand;
import org.diagonal.eval.cli.listing.RunsCommand;
import org.diagonal.eval.cli.listing.TasksCommand;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import picocli.CommandLine.Command;

/** A GPT-2 of a few thousand numbers and some text: whole commands take moments with them. */
public final class Tiny {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] WORDS = {"the", "old", "house", "and", "its", "red", "door"};

    private Tiny() {}

    /** Writes a model folder: two layers, two heads, bytes as its vocabulary. */
    public static Path model(Path folder, int positions, int seed) throws IOException {
        return model(folder, Gpt2Config.fresh(256, positions, 16, 2, 2), seed);
    }

    public static Path model(Path folder, Gpt2Config config, int seed) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(seed);
            Gpt2 network = new Gpt2(config);
            network.initialize(manager);
            ModelFolder.save(network, folder, TensorType.F32);
        }
        return folder;
    }

    /** Writes lines of words, the same for the same seed. */
    public static Path text(Path file, int lines, int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            for (int word = 0; word < 6; word++) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(word < 5 ? " " : "\n");
            }
        }
        return Files.writeString(file, text);
    }

    /** All commands. */
    @Command(
            name = "diagonal",
            subcommands = {
                FineTuneCommand.class,
                EvaluateCommand.class,
                GenerateCommand.class,
                CompareCommand.class,
                CurveCommand.class,
                SweepCommand.class,
                TrialsCommand.class,
                KernelCommand.class,
                ReportCommand.class,
                RunsCommand.class,
                TasksCommand.class,
                InspectCommand.class,
                AblateCommand.class,
                PretrainCommand.class,
                ExportCommand.class,
                BenchCommand.class,
                ModelsCommand.class,
                DataCommand.class,
                CacheCommand.class,
                CompletionCommand.class,
                HelpCommand.class
            })
    public static final class Everything {}

    /** Runs a command in this process. */
    public static Toy.Result run(Object... words) {
        return Toy.run(
                new Everything(),
                Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    }

    /** The command line that runs a command in a process of its own. */
    public static List<String> line(Object... words) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms64m",
                                "-Xmx64m",
                                "-XX:+AlwaysPreTouch",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.graph_optimizer=false",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        Arrays.stream(words).map(Object::toString).forEach(line::add);
        return line;
    }

    /** The same where no file may be larger than some KiB, as if the disk were full. */
    public static List<String> limited(long kibibytes, List<String> line) {
        assumeTrue(new File("/bin/bash").exists(), "no bash to set a limit");
        List<String> limited =
                new ArrayList<>(
                        List.of(
                                "/bin/bash",
                                "-c",
                                "ulimit -f " + kibibytes + "; exec \"$@\"",
                                "-"));
        limited.addAll(line);
        return limited;
    }

    /** Starts a process whose output goes to a file. */
    public static Process start(List<String> line, File output) throws IOException {
        return new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output).start();
    }

    /** Rows of a run's metrics, the header and a row that is being written not counted. */
    public static long rows(Path run) throws IOException {
        Path metrics = run.resolve("metrics.csv");
        if (!Files.exists(metrics)) {
            return 0;
        }
        return Math.max(0, Files.readString(metrics).chars().filter(c -> c == '\n').count() - 1);
    }

    /** Waits until a process has written some rows of metrics. */
    public static void awaitRows(Process process, File output, Path run, long rows)
            throws Exception {
        while (rows(run) < rows) {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "ended with %d before row %d: %s"
                                .formatted(
                                        process.exitValue(),
                                        rows,
                                        Files.readString(output.toPath())));
            }
            Thread.sleep(1);
        }
    }

    /** All files below a folder and their bytes, but for times and the lock. */
    public static Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                switch (file.getFileName().toString()) {
                    case ".lock", "report.html" -> {} // the page shows names and times
                    case "metrics.csv" -> bytes.put(name, content.replaceAll("(?m),[^,\n]*$", ""));
                    case "run.json" -> bytes.put(name, without(content, "started"));
                    case "result.json" -> bytes.put(name, without(content, "seconds"));
                    default -> bytes.put(name, content);
                }
            }
        }
        return bytes;
    }

    private static String without(String json, String key) throws IOException {
        ObjectNode node = (ObjectNode) JSON.readTree(json);
        node.remove(key);
        return node.toString();
    }
}
