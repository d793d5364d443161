package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.diagonal.eval.trial.SparkCluster;
import org.junit.jupiter.api.Test;

/** Only the command line speaks of its flags: what lies below names settings. */
class FlagsTest {

    /** A flag, or two dashes to which the rest is put later; not CSS's variables. */
    private static final Pattern FLAG = Pattern.compile("(?<![-\\w(!<])--(?!%s:)(?:[a-z%\\x01]|$)");

    /** A whole command, which the page that it makes may name. */
    private static final Pattern COMMAND = Pattern.compile("`\\./diagonal [^`]*`");

    @Test
    void noTextBelowTheCommandLineNamesAFlag() {
        Map<String, List<String>> wrong = new TreeMap<>();
        int seen = 0;
        for (JavaClass type : classes()) {
            if (type.getPackageName().startsWith("org.diagonal.eval.cli")
                    || type.isEquivalentTo(Main.class)
                    || type.isEquivalentTo(SparkCluster.class)) { // begins Spark's program
                continue;
            }
            List<String> texts = constants(type.getSource().orElseThrow().getUri());
            seen += texts.size();
            List<String> flags = texts.stream().filter(FlagsTest::namesAFlag).toList();
            if (!flags.isEmpty()) {
                wrong.put(type.getName(), flags);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(10_000);
    }

    @Test
    void theScanSeesFlagsInEveryKindOfText() {
        List<String> own = constants(uri(Samples.class));
        assertThat(own.stream().filter(FlagsTest::namesAFlag))
                .containsExactlyInAnyOrder(
                        "a lower --clip may help", "\u0001 wants --out", "%s and --%s", "--");
    }

    /** What the scan must find, and what it must not. */
    static final class Samples {

        static final String CSS = "color: var(--ink)";
        static final String DASHES = "----";
        static final String MADE_BY = "made by `./diagonal report --index reports`";

        private Samples() {}

        static List<String> flags(String folder) {
            return List.of(
                    "a lower --clip may help",
                    folder + " wants --out",
                    "%s and --%s".formatted(folder, folder),
                    "--".concat(folder));
        }
    }

    private static boolean namesAFlag(String text) {
        return FLAG.matcher(COMMAND.matcher(text).replaceAll("")).find();
    }

    private static Iterable<JavaClass> classes() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.diagonal");
    }

    private static URI uri(Class<?> type) {
        return new ClassFileImporter().importClass(type).getSource().orElseThrow().getUri();
    }

    /** The UTF-8 constants of a class file: string literals, parts of joined strings, names. */
    private static List<String> constants(URI file) {
        try (DataInputStream in = new DataInputStream(file.toURL().openStream())) {
            in.skipNBytes(8); // magic number and version
            int count = in.readUnsignedShort();
            List<String> texts = new ArrayList<>();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.add(in.readUTF());
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++; // a long takes two places
                    }
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    default -> throw new IOException(file + ": constant of kind " + tag);
                }
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
