package org.diagonal.eval.cli.option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a model goes on with. */
@Heading("Prompt")
public final class Prompt {

    private static final String STDIN = "-";

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "the text to continue; - reads stdin, as does a pipe without --prompt")
    Optional<String> prompt;

    @Option(names = "--ids", description = "prompt and output are token ids, with spaces between")
    public boolean ids;

    /**
     * The prompt as it was given. Of stdin one line break at the end is left out, since {@code
     * echo} and editors put it there.
     *
     * @throws ParameterException if none is given and nobody could have known that it is awaited
     * @throws IOException if stdin holds something else than UTF-8
     */
    public String text(GlobalOptions global) throws IOException {
        if (prompt.isPresent() && !prompt.get().equals(STDIN)) {
            return prompt.get();
        }
        if (prompt.isEmpty() && isTerminal()) {
            throw global.wrong("missing --prompt TEXT, or a text on stdin");
        }
        byte[] bytes = stdin();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\r?\n\\z", "");
        } catch (CharacterCodingException e) {
            throw new IOException("stdin: the prompt is not UTF-8", e);
        }
    }

    private static byte[] stdin() throws IOException {
        try {
            return System.in.readAllBytes();
        } catch (IOException e) { // of a folder, say
            throw new IOException("stdin: the prompt cannot be read: " + e.getMessage(), e);
        }
    }

    /** The launcher says in a property whether stdin is a terminal: Java cannot ask. */
    private static boolean isTerminal() {
        return System.getProperty("diagonal.stdin", "").equals("terminal");
    }

    /**
     * The ids that a text lists.
     *
     * @throws ParameterException if it holds something else
     */
    public static long[] ids(GlobalOptions global, String text) {
        return Arrays.stream(text.split("[\\s,]+", -1))
                .filter(word -> !word.isEmpty())
                .mapToLong(word -> id(global, word))
                .toArray();
    }

    private static long id(GlobalOptions global, String word) {
        if (!word.matches("[0-9]{1,9}")) {
            throw global.wrong("--ids: the prompt holds '" + word + "', which is no id");
        }
        return Long.parseLong(word);
    }
}
