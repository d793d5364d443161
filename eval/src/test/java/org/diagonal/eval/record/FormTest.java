package org.diagonal.eval.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormTest {

    enum Kind {
        FIRST,
        SECOND
    }

    record Part(String name, double size) {
        Part {
            if (size < 0) {
                throw new IllegalArgumentException("size must not be negative: " + size);
            }
        }
    }

    record Result(
            int version,
            boolean done,
            List<Part> parts,
            Kind kind,
            Optional<String> note,
            Map<String, String> versions) {}

    private static final Form<Result> FORM =
            Form.of(
                    "result.json",
                    Result.class,
                    2,
                    Map.of(1, root -> root.set("parts", root.remove("pieces"))));

    private static final String WHOLE =
            "{\"version\":2,\"done\":true,\"parts\":[{\"name\":\"a\",\"size\":1}],"
                    + "\"kind\":\"first\",\"versions\":{}}";

    @TempDir Path folder;

    private Result read(String json) throws IOException {
        Files.writeString(folder.resolve("result.json"), json);
        return FORM.read(folder);
    }

    @Test
    void whatIsWrittenIsReadAgainAndWhatIsAbsentIsLeftOut() throws IOException {
        Result result =
                new Result(
                        2,
                        false,
                        List.of(new Part("b", 0.1)),
                        Kind.SECOND,
                        Optional.empty(),
                        Map.of());
        FORM.write(folder, result);
        assertThat(Files.readString(folder.resolve("result.json")))
                .doesNotContain("note")
                .contains("\"kind\" : \"second\"")
                .endsWith("}\n");
        assertThat(FORM.read(folder)).isEqualTo(result);
    }

    @Test
    void anOlderVersionIsBroughtUpToDate() throws IOException {
        assertThat(read(WHOLE.replace("\"version\":2", "\"version\":1").replace("parts", "pieces")))
                .isEqualTo(read(WHOLE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "version":2        | "version":3     | key version: expected 2, found 3: a newer version of this program wrote it
                    "version":2        | "version":"2"   | key version: expected 2, found "2"
                    "version":2,       | ``              | key version: expected 2, found none
                    "done":true        | "done":1        | key done: expected true or false, found 1
                    "done":true,       | ``              | key done: is missing
                    "done":true        | "done":true,"finished":true | key finished: is not known
                    "size":1           | "size":"1"      | key parts[0].size: expected a number, found "1"
                    "size":1           | "size":-1       | key parts[0]: size must not be negative: -1.0
                    "size":1           | "size":1,"sise":1        | key parts[0].sise: is not known
                    "name":"a"         | "name":1        | key parts[0].name: expected a string, found 1
                    "kind":"first"     | "kind":"third"  | key kind: expected one of first, second, found "third"
                    [{"name":"a","size":1}] | {}         | key parts: expected an array, found an object
                    "versions":{}      | "versions":[]   | key versions: expected an object, found an array
                    """)
    void whatDoesNotFitIsNamedInOneLine(String part, String instead, String message) {
        assertThatThrownBy(() -> read(WHOLE.replace(part, instead == null ? "" : instead)))
                .hasMessage(folder.resolve("result.json") + ": " + message);
    }
}
