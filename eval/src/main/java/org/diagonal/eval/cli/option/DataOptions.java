package org.diagonal.eval.cli.option;

import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;

/** Which text: the commands that need one refuse to guess. */
@Heading("Model and data")
public final class DataOptions {

    @Option(
            names = "--data",
            paramLabel = "D",
            required = true,
            description =
                    "a name of diagonal data, such as wikitext-2-raw:train; a folder; a .txt, .raw,"
                            + " .tokens, .parquet or .ids.jsonl file of UTF-8, in which every line"
                            + " break counts as \\n and a byte order mark as nothing; or task:NAME or task:FILE.yaml,"
                            + " a template task")
    public String data;
}
