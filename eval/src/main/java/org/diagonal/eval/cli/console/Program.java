package org.diagonal.eval.cli.console;

import ai.djl.engine.EngineException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.diagonal.eval.trial.Shard;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Head;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs a table of commands and turns what happens into exit codes: 0 done, 1 failed with one line
 * on stderr, 2 wrong usage with one line and where to read more.
 */
public final class Program {

    private static final List<String> ARMS = List.of(Arm.NAMES.split(", "));

    private static final String SECTION = "diagonal";

    /** It logs a stack trace of what it throws right after; held, or it would be forgotten. */
    private static final Logger ONNX_RUNTIME = Logger.getLogger("ai.onnxruntime.OnnxRuntime");

    /** A table whose commands are made when they are needed: all take a quarter of a second. */
    public interface Commands {
        /**
         * The classes of the commands that are needed.
         *
         * @param name the first word; empty where there is none
         */
        List<Class<?>> commands(Optional<String> name);
    }

    private final Object table;
    private final PrintWriter out;
    private final PrintWriter err;
    private final CommandLine line;
    private List<String> words = List.of();
    private final Supplier<Optional<IOException>> unprinted;

    /**
     * A program that writes results to stdout and everything else to stderr.
     *
     * @param table an object whose class picocli's {@code Command} annotation describes
     */
    public Program(Object table) {
        this(
                table,
                new ResultStream(new FileOutputStream(FileDescriptor.out)),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    public Program(Object table, ResultStream out, PrintWriter err) {
        this(table, out.writer(), err, out::failure);
    }

    public Program(Object table, PrintWriter out, PrintWriter err) {
        this(table, out, err, Optional::empty);
    }

    private Program(
            Object table,
            PrintWriter out,
            PrintWriter err,
            Supplier<Optional<IOException>> unprinted) {
        ONNX_RUNTIME.setLevel(Level.OFF);
        this.unprinted = unprinted;
        this.table = table;
        this.out = out;
        this.err = err;
        line = new CommandLine(table);
        prepare();
    }

    /** Makes the commands that are needed for these words and are not there yet. */
    private void make(String... args) {
        if (table instanceof Commands some) {
            for (Class<?> type : some.commands(Arrays.stream(args).findFirst())) {
                CommandLine command = new CommandLine(type);
                if (!line.getSubcommands().containsKey(command.getCommandName())) {
                    line.addSubcommand(command);
                }
            }
            prepare();
        }
    }

    private void prepare() {
        line.setOut(out).setErr(err);
        line.setHelpSectionKeys(List.of(SECTION));
        prepare(line);
        line.setParameterExceptionHandler((wrong, args) -> usage(wrong));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    private static void prepare(CommandLine command) {
        command.getHelpSectionMap()
                .put(
                        SECTION,
                        help -> new HelpText(help.commandSpec(), help.colorScheme()).render());
        Numbers.register(command);
        command.registerConverter(Path.class, Program::path);
        command.registerConverter(Arm.class, Program::arm);
        command.registerConverter(Head.class, Head::named);
        command.registerConverter(Shard.class, Shard::parse);
        for (ArgSpec argument : command.getCommandSpec().args()) {
            Arrays.stream(argument.auxiliaryTypes())
                    .filter(Class::isEnum)
                    .forEach(type -> Choice.register(command, type));
        }
        command.getSubcommands().values().forEach(Program::prepare);
    }

    private static Arm arm(String words) {
        return Arm.find(words).orElseThrow(() -> Choice.unknown(words, ARMS));
    }

    private static Path path(String words) {
        if (words.isEmpty()) {
            throw new TypeConversionException("must not be empty");
        }
        return Path.of(words);
    }

    /**
     * Runs one command.
     *
     * @param args the command and its options
     * @return the exit code
     */
    public int run(String... args) {
        int code = execute(args);
        boolean printed = !line.getOut().checkError(); // flushes, too
        return printed || code != 0 ? code : failed(new UnprintedException(), commandOf(args));
    }

    private CommandLine commandOf(String... args) {
        return args.length == 0 ? line : line.getSubcommands().getOrDefault(args[0], line);
    }

    private int execute(String... args) {
        words = List.of(args);
        make(args);
        CommandLine command = line;
        try {
            if (args.length == 0) {
                line.usage(line.getErr());
                return line.getCommandSpec().exitCodeOnInvalidInput();
            }
            command = commandOf(args);
            Optional<Path> config = configOf(args);
            if (config.isPresent() && command != line) {
                command.setDefaultValueProvider(ConfigFile.read(config.get(), command));
            }
            return line.execute(args);
        } catch (ParameterException e) {
            return usage(e);
        } catch (UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException
                | EngineException
                | VirtualMachineError
                | LinkageError e) { // the versions', or of what picocli does not catch
            return failed(e, command);
        }
    }

    /** The file of {@code --config}, which must be read before the other options are. */
    private static Optional<Path> configOf(String... args) {
        for (int i = 1; i < args.length && !args[i].equals("--"); i++) {
            if (args[i].startsWith("--config=")) {
                return Optional.of(Path.of(args[i].substring("--config=".length())));
            }
            if (args[i].equals("--config") && i + 1 < args.length) {
                return Optional.of(Path.of(args[i + 1]));
            }
        }
        return Optional.empty();
    }

    private int usage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        line.getErr().println(Colors.alarm(name + ":") + " " + UsageMessage.of(wrong, words));
        line.getErr().println("See " + name + " --help.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private int failed(Throwable thrown, CommandLine command) {
        line.getOut().flush();
        Throwable failure =
                thrown instanceof UnprintedException ? ResultStream.named(unprinted.get()) : thrown;
        line.getErr()
                .println(
                        Colors.alarm(command.getCommandSpec().qualifiedName() + ":")
                                + " "
                                + Failure.line(failure, command.getCommandSpec()));
        OptionSpec verbose = command.getCommandSpec().findOption("--verbose");
        if (verbose != null && Boolean.TRUE.equals(verbose.getValue())) {
            failure.printStackTrace(line.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
