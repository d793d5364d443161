package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.source.Reading;
import picocli.CommandLine.Option;

/** Where the records of a data file have their text. */
@Heading("Model and data")
@Purpose(Purpose.Of.TEXTS)
public final class RowOptions {

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description =
                    "key or column of the text in JSON, tables and parquet [text; in a table without"
                            + " it the first]")
    Optional<String> textColumn;

    /** What these options say about the texts. */
    public Reading reading() {
        return new Reading(textColumn, Optional.empty());
    }
}
