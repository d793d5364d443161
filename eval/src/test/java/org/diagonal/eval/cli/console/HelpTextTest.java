package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
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
import org.diagonal.eval.cli.Toy;
import org.diagonal.eval.cli.listing.CacheCommand;
import org.diagonal.eval.cli.listing.RunsCommand;
import org.diagonal.eval.cli.listing.TasksCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

public final class HelpTextTest {

    @Command(
            name = "diagonal",
            subcommands = {
                FineTuneCommand.class,
                EvaluateCommand.class,
                GenerateCommand.class,
                CompareCommand.class,
                CurveCommand.class,
                ReportCommand.class,
                TasksCommand.class,
                KernelCommand.class,
                InspectCommand.class,
                AblateCommand.class,
                PretrainCommand.class,
                ExportCommand.class,
                BenchCommand.class,
                ModelsCommand.class,
                DataCommand.class,
                RunsCommand.class,
                CacheCommand.class,
                CompletionCommand.class,
                HelpCommand.class
            })
    public static final class Table {}

    public static Stream<CommandSpec> commands() {
        return new CommandLine(new Table())
                .getSubcommands().values().stream().map(CommandLine::getCommandSpec);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionIsListedInEightyColumns(CommandSpec command) {
        Toy.Result help = Toy.run(new Table(), command.name(), "--help");
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        for (OptionSpec option : command.options()) {
            String name =
                    option.longestName().replaceFirst("^--", option.negatable() ? "--[no-]" : "--");
            assertThat(help.out())
                    .containsPattern("(?m)^  (-h, )?" + java.util.regex.Pattern.quote(name));
            assertThat(option.description()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theOptionsOfEveryCommandAreThere(CommandSpec command) {
        assertThat(command.optionsMap().keySet())
                .contains("--device", "--threads", "--config", "--verbose", "--quiet", "--help");
    }

    @Test
    void theTableIsListedInEightyColumns() {
        Toy.Result help = Toy.run(new Table(), "--help");
        assertThat(Toy.run(new Table()).err().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81))
                .anyMatch(line -> line.matches("  fine-tune +Train .*"));
        assertThat(help.code()).isEqualTo(2);
    }

    @Test
    void defaultsStandInBrackets() {
        assertThat(Toy.run(new Table(), "fine-tune", "--help").out())
                .contains("[8]", "[5e-5]", "[linear]", "[on]");
        assertThat(Toy.run(new Table(), "compare", "--help").out()).contains("[none,both]");
    }
}
