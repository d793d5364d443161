package org.diagonal.eval.cli.option;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.evaluate.TaskEvaluationJob;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.eval.train.TaskData;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.SymbolKind;
import org.diagonal.templates.catalogue.Catalogue;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How strings of a template task are drawn for a GPT-2. */
@Heading(TaskOptions.HEADING)
@Purpose(Purpose.Of.TASKS)
public final class TaskOptions {

    static final String HEADING = "Template task (--data task:NAME)";

    @Option(
            names = "--alphabets",
            split = ",",
            paramLabel = "N,N,N",
            description = "symbols to train, validate and test with; no symbol is in two")
    List<Integer> alphabets = List.of(500, 100, 100);

    @Option(
            names = "--train-alphabet",
            paramLabel = "K",
            description = "symbols that training strings are drawn from [the first of --alphabets]")
    Optional<Integer> trainAlphabet;

    @Option(
            names = "--symbols",
            description = "one token each: words with a space in front, or names")
    SymbolKind symbols = SymbolKind.WORDS;

    @Option(names = "--data-seed", description = "of the symbols and the strings")
    long seed = 42;

    /** How many strings a network is trained on. */
    @Heading(HEADING)
    @Purpose({Purpose.Of.TRAINING, Purpose.Of.TASKS})
    public static final class Training {

        @Option(names = "--samples", description = "strings to train on")
        int samples = 1000;

        @Option(names = "--valid-samples", description = "strings to choose the best step on")
        int validSamples = 100;
    }

    /** How many strings a network is measured on. */
    @Heading(HEADING)
    @Purpose(Purpose.Of.TASKS)
    public static final class Test {

        @Option(
                names = "--test-samples",
                description = "strings of seen and of unseen symbols each")
        int samples = 1000;

        /** How many strings; those of another default where nothing is said. */
        public int samples(GlobalOptions global, int otherwise) {
            return global.isGiven("--test-samples") ? samples : otherwise;
        }
    }

    /** The seed of the strings; that of another default where nothing is said. */
    public long seed(GlobalOptions global, long otherwise) {
        return global.isGiven("--data-seed") ? seed : otherwise;
    }

    /** Whether {@code --data} names a template task. */
    public static boolean isTask(String data) {
        return data.startsWith(TextSource.TASK);
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if there are not three alphabets, or an option is given that is
     *     for the other kind of data
     */
    public void check(GlobalOptions global, String data) {
        if (isTask(data)) {
            // Strings have one length, and their splits are alphabets.
            global.refuse("is for texts, not for --data task:NAME", Purpose.Of.TEXTS);
        } else {
            global.refuse("is for --data task:NAME, not for texts", Purpose.Of.TASKS);
        }
        if (alphabets.size() != 3) {
            throw global.wrong(
                    "--alphabets: expected three sizes such as 500,100,100, found "
                            + alphabets.size());
        }
        if (trainAlphabet.isPresent() && global.isGiven("--alphabets")) {
            int first = alphabets.get(0);
            if (trainAlphabet.get() != first) {
                throw global.wrong(
                        "--train-alphabet %d: --alphabets says %d; give one of the two"
                                .formatted(trainAlphabet.get(), first));
            }
        }
    }

    private TaskSetting setting() {
        return new TaskSetting(
                new AlphabetSizes(
                        trainAlphabet.orElse(alphabets.get(0)), alphabets.get(1), alphabets.get(2)),
                symbols,
                seed);
    }

    /** What a network is trained on. */
    public TaskData data(String data, Training training) throws IOException {
        return new TaskData(
                data,
                Catalogue.task(name(data)),
                setting(),
                training.samples,
                training.validSamples);
    }

    /**
     * How a network is measured.
     *
     * @param tested another task than that of {@code data}
     */
    public TaskEvaluationJob measuring(
            String data, Optional<String> tested, Test test, Precision precision)
            throws IOException {
        Optional<TaskEvaluationJob.Tested> other =
                tested.isPresent()
                        ? Optional.of(
                                new TaskEvaluationJob.Tested(
                                        tested.get(), Catalogue.task(name(tested.get()))))
                        : Optional.empty();
        return new TaskEvaluationJob(
                data, Catalogue.task(name(data)), setting(), test.samples, precision, other);
    }

    /**
     * Checks that what is tested on is of the kind of what was trained on.
     *
     * @throws ParameterException naming the option
     */
    public static void checkTested(GlobalOptions global, String data, Optional<String> tested) {
        if (tested.isPresent() && isTask(data) != isTask(tested.get())) {
            throw global.wrong(
                    "--test-data: --data is a %s, so this must be one, too, not '%s'"
                            .formatted(
                                    isTask(data) ? "template task (task:NAME)" : "text",
                                    tested.get()));
        }
    }

    /** A task by the words of {@code --data} or {@code --test-data}. */
    public static String name(String data) {
        return data.substring(TextSource.TASK.length());
    }
}
