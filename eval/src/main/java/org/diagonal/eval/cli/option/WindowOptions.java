package org.diagonal.eval.cli.option;

import java.io.IOException;
import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;
import picocli.CommandLine.Option;

/** How much of a text a model is measured on, and in which windows. */
@Heading("Measurement")
@Purpose(Purpose.Of.TEXTS)
public final class WindowOptions {

    @Option(names = "--block-size", description = "tokens in a window [the context, at most 1024]")
    public Optional<Integer> blockSize;

    @Option(
            names = "--limit",
            description = "measure the first N documents (of plain text: lines) only")
    Optional<Integer> limit;

    /** What is measured of the text that {@code --data} names. */
    public Corpus open(Workplace place, String data, RowOptions rows) throws IOException {
        return TextSource.parse(data)
                .with(rows.reading().first(limit))
                .open(place.hub(), Split.TEST);
    }
}
