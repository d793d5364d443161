package org.diagonal.eval;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.AblateCommand;
import org.diagonal.eval.cli.BenchCommand;
import org.diagonal.eval.cli.CompareCommand;
import org.diagonal.eval.cli.CompletionCommand;
import org.diagonal.eval.cli.CurveCommand;
import org.diagonal.eval.cli.DataCommand;
import org.diagonal.eval.cli.EvaluateCommand;
import org.diagonal.eval.cli.ExportCommand;
import org.diagonal.eval.cli.FineTuneCommand;
import org.diagonal.eval.cli.GenerateCommand;
import org.diagonal.eval.cli.HelpCommand;
import org.diagonal.eval.cli.InspectCommand;
import org.diagonal.eval.cli.KernelCommand;
import org.diagonal.eval.cli.ModelsCommand;
import org.diagonal.eval.cli.PretrainCommand;
import org.diagonal.eval.cli.ReportCommand;
import org.diagonal.eval.cli.SweepCommand;
import org.diagonal.eval.cli.TrialsCommand;
import org.diagonal.eval.cli.console.Program;
import org.diagonal.eval.cli.console.Versions;
import org.diagonal.eval.cli.listing.CacheCommand;
import org.diagonal.eval.cli.listing.RunsCommand;
import org.diagonal.eval.cli.listing.TasksCommand;
import picocli.CommandLine.Command;

/** The command line: {@code diagonal COMMAND [options]}. */
@Command(
        name = "diagonal",
        description = "Fine-tunes GPT-2 with identity scalings and measures what they change.",
        mixinStandardHelpOptions = true,
        customSynopsis = "diagonal COMMAND [options]",
        footer = {
            "diagonal compare             the whole experiment, on what is bundled",
            "diagonal models              the models known by name",
            "diagonal fine-tune --help    the options of a command"
        },
        versionProvider = Versions.Provider.class)
public final class Main implements Program.Commands {

    private static final List<Class<?>> ALL =
            List.of(
                    FineTuneCommand.class,
                    EvaluateCommand.class,
                    GenerateCommand.class,
                    CompareCommand.class,
                    CurveCommand.class,
                    SweepCommand.class,
                    TrialsCommand.class,
                    KernelCommand.class,
                    ReportCommand.class,
                    RunsCommand.class,
                    TasksCommand.class,
                    InspectCommand.class,
                    AblateCommand.class,
                    PretrainCommand.class,
                    ExportCommand.class,
                    BenchCommand.class,
                    ModelsCommand.class,
                    DataCommand.class,
                    CacheCommand.class,
                    CompletionCommand.class,
                    HelpCommand.class);

    Main() {}

    /** The one that is asked for; all where none of that name is there, or it speaks of others. */
    @Override
    public List<Class<?>> commands(Optional<String> name) {
        List<Class<?>> one =
                ALL.stream()
                        .filter(
                                type ->
                                        type != HelpCommand.class
                                                && type != CompletionCommand.class)
                        .filter(type -> name.equals(Optional.of(nameOf(type))))
                        .toList();
        return one.isEmpty() ? ALL : one;
    }

    private static String nameOf(Class<?> type) {
        return type.getAnnotation(Command.class).name();
    }

    /**
     * Runs one command and ends the process: 0 done, 1 failed, 2 wrong usage.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(new Program(new Main()).run(args));
    }
}
