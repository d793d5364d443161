package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/** A result goes where the user said, and destroys nothing there. */
final class ResultFileTest {

    private static final String OTHER =
            "--json: holds something else than such a result; --force replaces it";

    @TempDir Path work;
    private Path model;
    private Path text;

    @BeforeEach
    void inputs() throws IOException {
        model = Tiny.model(work.resolve("model"), 16, 3);
        text = Tiny.text(work.resolve("text.txt"), 20, 1);
    }

    private Toy.Result evaluate(Object... more) {
        Object[] words = new Object[6 + more.length];
        System.arraycopy(
                new Object[] {"evaluate", "--quiet", "--model", model, "--data", text},
                0,
                words,
                0,
                6);
        System.arraycopy(more, 0, words, 6, more.length);
        return Tiny.run(words);
    }

    private static Path fifo(Path path) throws Exception {
        assumeTrue(!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows"));
        Process made = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(made.waitFor()).isZero();
        return path;
    }

    @Test
    void aPipeIsWrittenToAndStaysOne() throws Exception {
        Path pipe = fifo(work.resolve("pipe"));
        CompletableFuture<String> read =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Files.readString(pipe);
                            } catch (IOException e) {
                                return e.toString();
                            }
                        });
        Toy.Result result = evaluate("--json", pipe);
        assertThat(result.err()).isEmpty();
        assertThat(read.get(60, TimeUnit.SECONDS)).contains("\"perplexity\"");
        assertThat(Files.isRegularFile(pipe, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** Root makes devices of its own: a mistake must not cost the machine its own ones. */
    private Path device(String name, int minor) throws Exception {
        Path device = Path.of("/dev", name);
        assumeTrue(Files.exists(device));
        if (!System.getProperty("user.name").equals("root")) {
            return device;
        }
        Path own = work.resolve(name);
        Process made =
                new ProcessBuilder("mknod", own.toString(), "c", "1", Integer.toString(minor))
                        .start();
        assumeTrue(made.waitFor() == 0, "no device can be made here");
        return own;
    }

    @Test
    void devicesAreWrittenToAndStayDevices() throws Exception {
        Path nothing = device("null", 3);
        Path full = device("full", 7);
        Path run = work.resolve("heads");
        Tiny.run("inspect", "--quiet", "--model", model, "--out", run);
        for (Path path :
                new Path[] {nothing, Files.createSymbolicLink(work.resolve("l"), nothing)}) {
            assertThat(evaluate("--json", path).err()).isEmpty();
            assertThat(Tiny.run("report", run, "--out", path).err()).isEmpty();
        }
        for (Path path : new Path[] {full, Files.createSymbolicLink(work.resolve("f"), full)}) {
            String why = "could not be written: No space left on device\n";
            assertThat(evaluate("--json", path).err())
                    .isEqualTo("diagonal evaluate: %s: --json: %s", path, why);
            assertThat(Tiny.run("report", run, "--out", path).err())
                    .isEqualTo("diagonal report: %s: --out: %s", path, why);
        }
        for (Path path : new Path[] {nothing, full}) {
            assertThat(Files.readAttributes(path, BasicFileAttributes.class).isOther()).isTrue();
        }
    }

    @Test
    void theNumberOfAFileThatTheProgramHasOpenIsNoPlaceForAResult() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        String before = Files.readString(text);
        try (FileChannel open = FileChannel.open(text)) {
            Path number = number(text);
            assertThat(evaluate("--json", number, "--force").err())
                    .isEqualTo(
                            "diagonal evaluate: %s: --json: is an input of this command, and is not"
                                    + " replaced\n",
                            number);
            assertThat(open.isOpen()).isTrue();
        }
        assertThat(text).hasContent(before);
        assertThat(evaluate("--json", "/dev/fd/98765").err())
                .isEqualTo("diagonal evaluate: /dev/fd/98765: --json: is not open\n");
        assertThat(Inputs.of(CommandSpec.create()).paths())
                .contains(Path.of(System.getProperty("java.home"), "lib", "modules").toRealPath())
                .anyMatch(path -> path.toString().contains("picocli"));
    }

    private static Path number(Path file) throws IOException {
        try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
            for (Path number : numbers.toList()) {
                if (Files.exists(number) && Files.isSameFile(number, file)) {
                    return Path.of("/dev/fd").resolve(number.getFileName());
                }
            }
        }
        throw new AssertionError(file + " is not open");
    }

    @Test
    void aLinkStaysAndItsTargetGetsTheResult() throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("real.json"));
        assertThat(evaluate("--json", link).code()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(work.resolve("real.json")).content().contains("\"perplexity\"");
        assertThat(evaluate("--json", link).err()).isEmpty();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aDashIsStdoutForTheJsonAlone() {
        for (String stdout : new String[] {"-", "/dev/stdout"}) {
            Toy.Result result = evaluate("--json", stdout);
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("{\n").endsWith("}\n").doesNotContain("Protocol ");
        }
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void whatIsNoResultIsKeptUnlessTheUserInsists() throws IOException {
        for (String content : new String[] {"notes", "{\"version\": 1, \"mine\": 2}", "{\"a\""}) {
            Path file = Files.writeString(work.resolve("file.json"), content);
            Toy.Result result = evaluate("--json", file);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).isEqualTo("diagonal evaluate: " + file + ": " + OTHER + "\n");
            assertThat(file).hasContent(content);
        }
        Path file = work.resolve("file.json");
        assertThat(evaluate("--json", file, "--force").err()).isEmpty();
        assertThat(evaluate("--json", file).err()).isEmpty(); // by now it is a result
        Path empty = Files.createFile(work.resolve("empty.json"));
        assertThat(evaluate("--json", empty).err()).isEmpty();
    }

    @Test
    void resultsOfOtherCommandsAreKept() throws IOException {
        Path heads = work.resolve("heads");
        Tiny.run("inspect", "--quiet", "--model", model, "--out", heads);
        Path record = heads.resolve("inspect.json");
        String before = Files.readString(record);
        Path listed = work.resolve("listed.json");
        for (String list : new String[] {"runs", "models", "data", "cache", "tasks"}) {
            Object[] words = {list, "--json", record};
            if (list.equals("runs")) {
                words =
                        new Object[] {
                            list, Files.createDirectories(work.resolve("none")), "--json", record
                        };
            }
            assertThat(Tiny.run(words).err())
                    .isEqualTo("diagonal %s: %s: %s\n".formatted(list, record, OTHER));
            words[words.length - 1] = listed;
            Files.deleteIfExists(listed);
            assertThat(Tiny.run(words).err()).isEmpty();
            assertThat(Tiny.run(words).err()).isEmpty();
        }
        assertThat(record).hasContent(before);
    }

    @Test
    void aLinkToItselfIsNamed() throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("loop"), Path.of("loop"));
        assertThat(Tiny.run("models", "--json", link).err())
                .isEqualTo("diagonal models: is a link to itself: " + link + "\n");
    }

    @Test
    void completionKeepsWhatIsNoScriptOfIt() throws IOException {
        Path other = Files.writeString(work.resolve("diagonal.zsh"), "mine");
        for (String shell : new String[] {"zsh", "all"}) {
            assertThat(Tiny.run("completion", shell, "--out", work).err())
                    .contains(other + ": --out: holds something else than such a result");
        }
        assertThat(other).hasContent("mine");
        assertThat(work.resolve("diagonal.bash")).doesNotExist();
        assertThat(Tiny.run("completion", "all", "--out", work, "--force").err()).isEmpty();
        assertThat(Tiny.run("completion", "all", "--out", work).err()).isEmpty();
    }

    @Test
    void inputsAreNeverReplaced() throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("link"), text);
        Path weights = model.resolve("model.safetensors");
        byte[] before = Files.readAllBytes(weights);
        for (Path input : new Path[] {weights, model.resolve("config.json"), text, link}) {
            Toy.Result result = evaluate("--json", input, "--force");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains(" input of this command, and is not replaced");
        }
        assertThat(Files.readAllBytes(weights)).isEqualTo(before);
        assertThat(text).content().doesNotContain("{");
        assertThat(evaluate("--json", model.resolve("own.json")).err()).isEmpty();
        assertThat(evaluate("--json", model.resolve("own.json")).err()).isEmpty();
    }

    @Test
    void aReportKeepsWhatIsNoReport() throws Exception {
        Path run = work.resolve("heads");
        Tiny.run("inspect", "--quiet", "--model", model, "--out", run);
        Path page = Files.writeString(work.resolve("page.html"), "<!DOCTYPE html>\nmine");
        Toy.Result result = Tiny.run("report", run, "--out", page);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(page + ": --out: holds something else");
        assertThat(Tiny.run("report", run, "--out", page, "--force").err()).isEmpty();
        assertThat(Tiny.run("report", run, "--out", page).err()).isEmpty();
        Path link = Files.createSymbolicLink(work.resolve("link.html"), page);
        assertThat(Tiny.run("report", run, "--out", link).err()).isEmpty();
        assertThat(link).isSymbolicLink();
        assertThat(Tiny.run("report", run, "--out", "-").out()).startsWith("<!DOCTYPE html>");
        assertThat(Tiny.run("report", run).err()).isEmpty(); // what inspect left is one
    }
}
