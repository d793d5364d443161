package org.diagonal.eval.cli.option;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Inputs;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.plugin.files.TextFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The result of a command for other programs. */
@Heading("Result")
public final class JsonOption {

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(new Jdk8Module())
                    .enable(SerializationFeature.INDENT_OUTPUT);

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "write the result as JSON; - is stdout, without other output")
    Optional<Path> json;

    @Option(names = "--force", description = "let --json replace a file that is not such a result")
    boolean force;

    private ResultFile.Kind kind = ResultFile.Kind.TRAINING;

    /**
     * Checks that the file could be written.
     *
     * @param result what it is to hold
     * @throws IOException if it could not, or holds something else
     */
    public void check(CommandSpec spec, ResultFile.Kind result) throws IOException {
        kind = result;
        if (json.isPresent()) {
            file().check(force, Inputs.of(spec));
        }
    }

    private ResultFile file() {
        return new ResultFile("--json", json.orElseThrow(), kind);
    }

    /** Where the text of the result goes: nowhere if its JSON goes to stdout. */
    public PrintWriter words(PrintWriter out) {
        return ResultFile.words(json.map(path -> file()), out);
    }

    /** Writes entries of one kind, if the user wants them. */
    public void write(String kind, List<?> entries, PrintWriter out) throws IOException {
        if (json.isPresent()) {
            write(text(kind, entries), out);
        }
    }

    /** Entries of one kind as JSON. */
    public static String text(String kind, List<?> entries) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("version", 1);
        result.put(kind, entries);
        return JSON.writeValueAsString(result) + "\n";
    }

    /** Writes a result that is JSON already, if the user wants it. */
    public void write(String text, PrintWriter out) throws IOException {
        if (json.isPresent()) {
            file().write(text, out);
        }
    }

    /** Writes what a file holds, if the user wants it. */
    public void copy(Path result, PrintWriter out) throws IOException {
        if (json.isPresent()) {
            write(TextFile.read(result), out);
        }
    }
}
