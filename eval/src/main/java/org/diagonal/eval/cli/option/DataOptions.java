package org.diagonal.eval.cli.option;

import java.util.List;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which text: the commands that need one refuse to guess. */
@Heading("Model and data")
public final class DataOptions {

    private static final String TEXT =
            "a name of diagonal data, such as wikitext-2-raw:train; a file of text"
                    + " (.txt, .raw, .tokens), of records (.jsonl, .json, .csv, .tsv, .parquet) or of"
                    + " token ids (.ids.jsonl), also .gz or .zst; several with commas or a quoted"
                    + " pattern such as 'logs/*.jsonl'; a folder with train.*, validation.* and"
                    + " test.*; - for stdin";

    /** What {@code --data} takes. */
    public static final String DESCRIPTION =
            TEXT + "; or task:NAME or task:FILE.yaml, a template task";

    @Option(names = "--data", paramLabel = "D", required = true, description = DESCRIPTION)
    private List<String> files;

    /** A text alone. */
    @Heading("Model and data")
    public static final class OfText {

        @Option(names = "--data", paramLabel = "D", required = true, description = TEXT)
        private List<String> files;

        /**
         * What is named, several with commas between them.
         *
         * @param instead what reads template tasks
         * @throws ParameterException if it is a template task
         */
        public String data(GlobalOptions global, String instead) {
            String data = String.join(",", files);
            if (TaskOptions.isTask(data)) {
                throw global.wrong(
                        "--data: expected a text, found the template task %s; %s reads tasks"
                                .formatted(data, instead));
            }
            return data;
        }
    }

    /** The same where a model may have data of its own. */
    @Heading("Model and data")
    public static final class OfModel {

        @Option(
                names = "--data",
                paramLabel = "D",
                description = DESCRIPTION + " [of a trial's network: its test samples]")
        private List<String> files = List.of();

        /** Whether anything is named. */
        public boolean isGiven() {
            return !files.isEmpty();
        }

        /** What is named, several with commas between them; empty for nothing. */
        public String data() {
            return String.join(",", files);
        }
    }

    /** What is named, several with commas between them. */
    public String data() {
        return String.join(",", files);
    }
}
