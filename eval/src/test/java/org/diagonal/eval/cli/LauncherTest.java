package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of an unpacked archive, before a program that says what it was started with. */
@Tag("process")
final class LauncherTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));

    private static final String PROGRAM =
            """
            package org.diagonal.eval;
            public final class Main {
                public static void main(String[] words) {
                    System.out.println("home=" + System.getProperty("user.home"));
                    System.out.println("columns=" + System.getProperty("diagonal.columns"));
                    System.out.println("words=" + String.join("|", words));
                    System.exit(words.length);
                }
            }
            """;

    @TempDir static Path work;

    private static Path unpacked;

    private record Result(int code, String out) {}

    @BeforeAll
    static void unpack() throws IOException {
        unpacked = Files.createDirectories(work.resolve("an archive/diagonal-0.1.0"));
        Files.copy(ROOT.resolve("diagonal"), unpacked.resolve("diagonal"));
        Path classes = Files.createDirectories(work.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("string:///Main.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return PROGRAM;
                    }
                };
        List<String> options = List.of("-d", classes.toString());
        assertThat(compiler.getTask(null, null, null, options, null, List.of(source)).call())
                .isTrue();
        Path jar = Files.createDirectories(unpacked.resolve("lib")).resolve("program.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("org/diagonal/eval/Main.class"));
            Files.copy(classes.resolve("org/diagonal/eval/Main.class"), out);
        }
    }

    private static Result run(Path launcher, Map<String, String> variables, String... words)
            throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of("sh", launcher.toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.directory(work.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out);
    }

    @Test
    void cachesLieInTheHomeThatTheEnvironmentNames() throws Exception {
        Path home = Files.createDirectories(work.resolve("an empty home"));
        Result result = run(unpacked.resolve("diagonal"), Map.of("HOME", home.toString()), "data");
        assertThat(result.out()).contains("home=" + home + "\n", "columns=0\n", "words=data\n");
        assertThat(run(unpacked.resolve("diagonal"), Map.of(), "data").out())
                .contains("home=" + System.getProperty("user.home") + "\n");
    }

    @Test
    void itRunsThroughALinkAndHandsOnWordsAndTheExitCode() throws Exception {
        Path link = Files.createSymbolicLink(work.resolve("short"), unpacked.resolve("diagonal"));
        Result result = run(link, new HashMap<>(), "--prompt", "two words", "");
        assertThat(result.out()).contains("words=--prompt|two words|\n");
        assertThat(result.code()).isEqualTo(3);
    }

    @Test
    void aJavaThatIsNotThereIsNamed() throws Exception {
        Result result = run(unpacked.resolve("diagonal"), Map.of("JAVA_HOME", "/absent"));
        assertThat(result.out()).isEqualTo("diagonal: JAVA_HOME has no bin/java: /absent\n");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void theArchiveHoldsWhatUsersNeed() throws Exception {
        assertThat(Files.readString(ROOT.resolve("eval/src/assembly/archive.xml")))
                .contains(
                        "<include>diagonal</include>",
                        "<fileMode>0755</fileMode>",
                        "<include>diagonal.cmd</include>",
                        "<include>LICENSE</include>",
                        "<include>README.md</include>",
                        "<include>Dockerfile</include>",
                        "<outputDirectory>completion</outputDirectory>",
                        "<outputDirectory>lib</outputDirectory>");
    }
}
