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
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Inputs;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.TextWriter;
import org.diagonal.plugin.files.TextFile;
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

    private Optional<ResultFile> file = Optional.empty();
    private PrintWriter out;

    /**
     * Checks that the file could be written.
     *
     * @param kind what it is to hold; checked before anything is written
     * @throws IOException if it could not, or holds something else
     */
    public void check(GlobalOptions global, ResultFile.Kind kind) throws IOException {
        out = global.out();
        file = json.map(path -> new ResultFile("--json", path, kind));
        if (file.isPresent()) {
            file.get().check(force, Inputs.of(global.spec));
        }
    }

    /** Whether a file may be replaced that is no such result. */
    public boolean isForced() {
        return force;
    }

    /** Whether the result goes to stdout. */
    public boolean isStdout() {
        return file.filter(ResultFile::isStdout).isPresent();
    }

    /** Where the text of the result goes: nowhere if its JSON goes to stdout. */
    public PrintWriter words() {
        return file.map(stated -> stated.words(out)).orElse(out);
    }

    /** Writes entries of one kind, if the user wants them. */
    public void write(String kind, List<?> entries) throws IOException {
        if (file.isPresent()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("version", 1);
            result.put(kind, entries);
            write(JSON.writeValueAsString(result) + "\n");
        }
    }

    /** Writes a result that is JSON already, if the user wants it. */
    public void write(String text) throws IOException {
        if (file.isPresent()) {
            file.get().write(text, out);
        }
    }

    /**
     * Writes a result that is JSON already, if the user wants it, and the text of its page.
     *
     * @return where more text may go
     */
    public PrintWriter write(String text, Page page) throws IOException {
        write(text);
        PrintWriter words = words();
        TextWriter.write(page, words);
        return words;
    }

    /** Writes what a file holds, if the user wants it. */
    public void copy(Path result) throws IOException {
        if (file.isPresent()) {
            write(TextFile.read(result));
        }
    }
}
