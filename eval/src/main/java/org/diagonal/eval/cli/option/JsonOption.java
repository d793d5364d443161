package org.diagonal.eval.cli.option;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "write the result as JSON; - is stdout, without other output")
    Optional<Path> json;

    @Option(names = "--force", description = "replace a file that is not such a result")
    boolean force;

    private Optional<ResultFile.Kind> kind = Optional.empty();

    /**
     * Checks that the file could be written.
     *
     * @param result what it is to hold; checked before anything is written
     * @throws IOException if it could not, or holds something else
     */
    public void check(CommandSpec spec, ResultFile.Kind result) throws IOException {
        kind = Optional.of(result);
        if (json.isPresent()) {
            file().check(force, Inputs.of(spec));
        }
    }

    private ResultFile file() {
        return new ResultFile("--json", json.orElseThrow(), kind.orElseThrow());
    }

    /** Whether a file may be replaced that is no such result. */
    public boolean isForced() {
        return force;
    }

    /** Whether the result goes to stdout. */
    public boolean isStdout() {
        return json.map(path -> file()).filter(ResultFile::isStdout).isPresent();
    }

    /** Where the text of the result goes: nowhere if its JSON goes to stdout. */
    public PrintWriter words(PrintWriter out) {
        return ResultFile.words(json.map(path -> file()), out);
    }

    /** Writes entries of one kind, if the user wants them. */
    public void write(String kind, List<?> entries, PrintWriter out) throws IOException {
        if (json.isPresent()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("version", 1);
            result.put(kind, entries);
            write(JSON.writeValueAsString(result) + "\n", out);
        }
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
