package org.diagonal.eval.cli.console;

import java.io.PrintWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.diagonal.eval.source.Reporter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command, and what follows from them for the whole process. */
@Heading(GlobalOptions.HEADING)
public final class GlobalOptions {

    /** Comes last in every help text. */
    static final String HEADING = "Everywhere";

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|gpu:N",
            converter = DeviceName.class,
            description = "where to compute; auto: a GPU if any")
    String device = "auto";

    @Option(names = "--threads", description = "CPU threads [the engine's choice]")
    public Optional<Integer> threads;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "options as YAML, such as batch-size: 4; flags win")
    Optional<Path> config;

    @Option(names = "--verbose", description = "more logging, and stack traces of failures")
    public boolean verbose;

    @Option(names = "--quiet", description = "no progress; results and errors only")
    public boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this text")
    boolean help;

    @Spec(Spec.Target.MIXEE)
    public CommandSpec spec;

    /**
     * Checks the options and sets the libraries' log level; call it before anything logs.
     *
     * @throws ParameterException if options contradict each other
     */
    public void apply() {
        if (verbose && quiet) {
            throw wrong("--verbose and --quiet exclude each other");
        }
        if (verbose || quiet) {
            System.setProperty(
                    "org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "error");
        }
    }

    /** The device as the user chose it. */
    public String device() {
        return device;
    }

    /** The threads that the user chose, or one for each processor. */
    public int allThreads() {
        return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    /** The class that runs this program again. */
    public String mainClass() {
        return spec.root().userObject().getClass().getName();
    }

    /** The exception that says why options cannot be meant. */
    public ParameterException wrong(String words) {
        return new ParameterException(spec.commandLine(), words);
    }

    /**
     * Refuses the same value twice.
     *
     * @throws ParameterException naming the option
     */
    public void requireDistinct(String option, List<?> values) {
        if (new HashSet<>(values).size() < values.size()) {
            throw wrong(option + ": one of them is given twice");
        }
    }

    /** The annotation of an option's field, or else of the class that declares it. */
    static <A extends Annotation> Optional<A> mark(OptionSpec option, Class<A> type) {
        if (!(option.userObject() instanceof Field field)) {
            return Optional.empty();
        }
        return Optional.ofNullable(field.getAnnotation(type))
                .or(() -> Optional.ofNullable(field.getDeclaringClass().getAnnotation(type)));
    }

    /** Whether an option is given, as a flag or in the file of {@code --config}. */
    public boolean isGiven(String name) {
        OptionSpec option = spec.findOption(name);
        return option != null
                && (spec.commandLine().getParseResult().hasMatchedOption(option)
                        || (spec.defaultValueProvider() instanceof ConfigFile file
                                && file.defaultValue(option) != null));
    }

    /**
     * Refuses options that would have no effect.
     *
     * @param why follows the option's name
     * @param names of options, which the command need not have
     * @throws ParameterException naming the first that is given
     */
    public void refuse(String why, List<String> names) {
        for (String name : names) {
            if (isGiven(name)) {
                throw wrong(name + " " + why);
            }
        }
    }

    /**
     * Refuses the options of a purpose.
     *
     * @param why follows the option's name
     * @throws ParameterException naming the first that is given
     */
    public void refuse(String why, Purpose.Of purpose) {
        refuse(
                why,
                spec.options().stream()
                        .filter(purpose::isOf)
                        .map(OptionSpec::longestName)
                        .toList());
    }

    /** Device and threads as the user chose them. */
    public EngineSettings engine() {
        return new EngineSettings(device, threads);
    }

    /** Where results go; flush it. */
    public PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Shows a line that stays, unless the user wants none. */
    public void say(String line) {
        if (!quiet) {
            Progress.say(line, spec.commandLine().getErr());
        }
    }

    /** Runs a task of some seconds while words on the terminal say what it is. */
    public <T> T meanwhile(String words, Supplier<T> task) {
        int columns = quiet ? 0 : Integer.getInteger("diagonal.columns", 0);
        Runnable end = Progress.meanwhile(words, System.err, columns);
        try {
            return task.get();
        } finally {
            end.run();
        }
    }

    /**
     * Shows how a task of this command gets on.
     *
     * @param task a word or two
     * @param total the steps it takes
     */
    public Reporter.Task progress(String task, long total) {
        return quiet ? Progress.silent() : Progress.start(task, total);
    }

    /** Takes what {@link EngineSettings} takes. */
    static final class DeviceName implements ITypeConverter<String> {
        @Override
        public String convert(String words) {
            return new EngineSettings(words, Optional.empty()).deviceName();
        }
    }
}
