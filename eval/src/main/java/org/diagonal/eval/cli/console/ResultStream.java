package org.diagonal.eval.cli.console;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Stdout, which remembers why it could not be written to: a PrintWriter does not. */
public final class ResultStream extends FilterOutputStream {

    private Optional<IOException> failure = Optional.empty();

    public ResultStream(OutputStream out) {
        super(new BufferedOutputStream(out));
    }

    /** Writes text as UTF-8; flushes at line ends. */
    PrintWriter writer() {
        return new PrintWriter(this, true, StandardCharsets.UTF_8);
    }

    /** What the first failure was, if one was. */
    Optional<IOException> failure() {
        return failure;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int begin, int count) throws IOException {
        try {
            out.write(bytes, begin, count);
        } catch (IOException e) {
            throw first(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw first(e);
        }
    }

    private IOException first(IOException e) {
        failure = failure.or(() -> Optional.of(e));
        return e;
    }

    /** The failure in words that name stdout. */
    static IOException named(Optional<IOException> failure) {
        String reason = failure.map(IOException::getMessage).orElse("it takes no more");
        String words =
                switch (reason) {
                    case "Broken pipe" -> "its reader has closed it";
                    case "Bad file descriptor", "Stream closed" -> "it is closed";
                    default -> reason;
                };
        return new IOException("stdout: the result could not be printed: " + words);
    }
}
