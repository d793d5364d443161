package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of damaged inputs in one Java machine: each command ends by itself, in one line if it
 * fails. Outside the usual tests; {@code -Ddiagonal.mutations} says how many, {@code
 * -Ddiagonal.seed} which. The input that ends the machine is left in {@code target/mutations}.
 */
@Tag("mutations")
final class MutationTest {

    private static final int MOST_SECONDS = 10;

    @TempDir Path work;

    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    @Test
    void everyDamagedInputEndsInALine() throws IOException {
        long seed = Long.getLong("diagonal.seed", 1);
        int count = Integer.getInteger("diagonal.mutations", 10_000);
        Path last = Path.of("target", "mutations");
        Files.createDirectories(last);
        List<Victim> victims = new ArrayList<>(victims());
        victims.addAll(new FormatVictims(work, work.resolve("model")).all());
        SplittableRandom random = new SplittableRandom(seed);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Victim victim = victims.get(random.nextInt(victims.size()));
            Path file = victim.files().get(random.nextInt(victim.files().size()));
            SplittableRandom own = random.split();
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = new Mutator(own).mutate(whole);
            Files.write(file, damaged);
            Files.copy(file, last.resolve("input"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(
                    last.resolve("case"), victim.name() + " " + file.getFileName() + "\n");
            if (attack(victim, file, i, false) > MOST_SECONDS) { // other programs slow it, too
                attack(victim, file, i, true);
            }
            Files.write(file, whole);
        }
        String figures =
                "%d inputs, seed %d, %.0f s: %s; faults %d%n"
                        .formatted(
                                count,
                                seed,
                                (System.nanoTime() - begin) / 1e9,
                                outcomes,
                                faults.size());
        Files.writeString(last.resolve("figures"), figures + String.join("\n", faults) + "\n");
        assertThat(faults).isEmpty();
    }

    /** Seconds that a command took. */
    private double attack(Victim victim, Path file, int number, boolean again) throws IOException {
        Object[] words =
                victim.words().stream()
                        .map(word -> word.equals("OUT") ? work.resolve("out" + number) : word)
                        .toArray();
        if (victim.before().isPresent()) { // each goes on from the same place
            copy(victim.before().get(), work.resolve("out" + number));
        }
        long begin = System.nanoTime();
        String wrong = "";
        try {
            Toy.Result result = Tiny.run(words);
            outcomes.merge("exit " + result.code(), again ? 0 : 1, Integer::sum);
            outcomes.merge("tried again", again ? 1 : 0, Integer::sum);
            long lines = result.err().lines().count();
            if (result.err().contains("internal error") || result.err().contains("\tat ")) {
                wrong = result.err();
            } else if (result.code() == 0
                    ? lines > 0 && result.err().contains("xception")
                    : lines > 2) {
                wrong = "lines " + lines + ": " + result.err();
            } else if (result.code() != 0 && lines == 0) {
                wrong = "no word";
            }
        } catch (Throwable thrown) { // as a user would see its trace
            wrong = thrown.toString();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (again && seconds > MOST_SECONDS) {
            wrong += " took " + seconds + " s";
        }
        if (!wrong.isEmpty()) {
            String start = wrong.substring(0, Math.min(300, wrong.length())).replace('\n', ' ');
            faults.add("%d %s %s: %s".formatted(number, victim.name(), file.getFileName(), start));
            Path kept = Path.of("target", "mutations", "fault-" + number);
            Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        remove(work.resolve("out" + number));
        return seconds;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private List<Victim> victims() throws IOException {
        Path model = Tiny.model(work.resolve("model"), 16, 3);
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            bytes.save(model);
        }
        Path text = Tiny.text(work.resolve("text.txt"), 12, 1);
        Path raw = Files.writeString(work.resolve("text.raw"), " = A = \n\n the old house \n");
        Path ids = Files.writeString(work.resolve("a.ids.jsonl"), "[1,2,3,4,5,6]\n[7,8,9]\n");
        Path yaml =
                Files.writeString(work.resolve("a.yaml"), "max-new-tokens: 2\ntemperature: 0.5\n");
        Path exported = work.resolve("exported");
        run("export", "--quiet", "--model", model, "--out", exported);
        Path run = work.resolve("run");
        Object[] training = {
            "fine-tune",
            "--quiet",
            "--model",
            model,
            "--data",
            text,
            "--valid-data",
            text,
            "--out",
            run,
            "--max-steps",
            2,
            "--save-every",
            1,
            "--batch-size",
            2,
            "--scalings",
            "both",
            "--train",
            "scalings",
            "--threads",
            1
        };
        run(training);
        Path heads = work.resolve("heads");
        run("inspect", "--quiet", "--model", model, "--out", heads);
        Path stopped = work.resolve("stopped");
        Object[] resumed = training.clone();
        resumed[9] = stopped;
        run(resumed);
        resumed[9] = "OUT";
        Files.delete(stopped.resolve("result.json"));

        Object[] evaluate = {"evaluate", "--quiet", "--threads", 1, "--model"};
        return List.of(
                Victim.of("model", files(model), with(evaluate, model, "--data", text)),
                Victim.of(
                        "generate",
                        files(model),
                        with(
                                new Object[] {"generate", "--quiet", "--model"},
                                model,
                                "--prompt",
                                "the",
                                "--max-new-tokens",
                                2)),
                Victim.of(
                        "tokenizer",
                        List.of(model.resolve("tokenizer.json")),
                        with(evaluate, model, "--data", text)),
                Victim.of(
                        "inspect",
                        files(model),
                        "inspect",
                        "--quiet",
                        "--model",
                        model,
                        "--out",
                        "OUT"),
                Victim.of("text", List.of(text), with(evaluate, model, "--data", text)),
                Victim.of("raw", List.of(raw), with(evaluate, model, "--data", raw)),
                Victim.of("ids", List.of(ids), with(evaluate, model, "--data", ids)),
                Victim.of(
                        "config",
                        List.of(yaml),
                        "generate",
                        "--quiet",
                        "--model",
                        model,
                        "--prompt",
                        "a",
                        "--config",
                        yaml),
                Victim.of(
                        "exported",
                        files(exported),
                        "generate",
                        "--quiet",
                        "--model",
                        exported,
                        "--prompt",
                        "the",
                        "--max-new-tokens",
                        2),
                Victim.of("adapter", files(run), with(evaluate, run, "--data", text)),
                Victim.of("report", files(run), "report", run, "--out", "OUT"),
                Victim.of("heads", files(heads), "report", heads, "--out", "OUT"),
                Victim.of(
                                "resume",
                                Stream.concat(
                                                Stream.of("metrics.csv", "run.json")
                                                        .map(stopped::resolve),
                                                filesOf(stopped.resolve("checkpoints/step-2"))
                                                        .stream())
                                        .toList(),
                                resumed)
                        .resuming(stopped));
    }

    private static void run(Object... words) {
        Toy.Result result = Tiny.run(words);
        assertThat(result.code()).as(result.err()).isZero();
    }

    private static Object[] with(Object[] words, Object... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("checkpoints"))
                    .filter(file -> !file.toString().contains(".lock"))
                    .filter(file -> !file.toString().endsWith(".html"))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
