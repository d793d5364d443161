package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.job.TaskData;
import org.diagonal.eval.job.TaskEvaluationJob;
import org.diagonal.eval.job.TaskSetting;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.SymbolKind;
import org.diagonal.templates.catalogue.Catalogue;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How strings of a template task are drawn for a GPT-2. */
@Heading("Template task (--data task:NAME)")
final class TaskOptions {

    private static final String PREFIX = "task:";

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "strings to train on")
    int samples = 1000;

    @Option(
            names = "--valid-samples",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "strings to choose the best step on")
    int validSamples = 100;

    @Option(
            names = "--test-samples",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "strings of seen and of unseen symbols each")
    int testSamples = 1000;

    @Option(
            names = "--alphabets",
            split = ",",
            paramLabel = "N,N,N",
            converter = Numbers.Positive.class,
            description = "symbols to train, validate and test with; no symbol is in two")
    List<Integer> alphabets = List.of(500, 100, 100);

    @Option(
            names = "--symbols",
            paramLabel = "words|names",
            description = "one token each: words with a space in front, or names")
    SymbolKind symbols = SymbolKind.WORDS;

    @Option(
            names = "--data-seed",
            paramLabel = "N",
            converter = Numbers.Seed.class,
            description = "of the symbols and the strings")
    long seed = 42;

    /** Whether {@code --data} names a template task. */
    static boolean isTask(String data) {
        return data.startsWith(PREFIX);
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if there are not three alphabets
     */
    void check(CommandSpec spec) {
        if (alphabets.size() != 3) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--alphabets: expected three sizes such as 500,100,100, found "
                            + alphabets.size());
        }
    }

    private TaskSetting setting() {
        return new TaskSetting(
                new AlphabetSizes(alphabets.get(0), alphabets.get(1), alphabets.get(2)),
                symbols,
                seed);
    }

    /** What a network is trained on. */
    TaskData data(String data) throws IOException {
        return new TaskData(data, Catalogue.task(name(data)), setting(), samples, validSamples);
    }

    /** How a network is measured. */
    TaskEvaluationJob measuring(String data) throws IOException {
        return new TaskEvaluationJob(data, Catalogue.task(name(data)), setting(), testSamples);
    }

    private static String name(String data) {
        return data.substring(PREFIX.length());
    }

    /**
     * Refuses an option that is for texts.
     *
     * @throws ParameterException if it is given
     */
    static void requireAbsent(CommandSpec spec, String option, Optional<?> value) {
        if (value.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), option + " is for texts, not for --data task:NAME");
        }
    }
}
