package org.diagonal.eval.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code diagonal help COMMAND}: the same as {@code diagonal COMMAND --help}. */
@Command(
        name = "help",
        header = "Show the options of a command",
        description = "Shows the commands, or the options of one.",
        customSynopsis = "diagonal help [COMMAND …]",
        footer = {"diagonal help", "diagonal help compare", "diagonal help tasks sample"})
@Heading("Help")
public final class HelpCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "COMMAND …", description = "which to show")
    List<String> names = List.of();

    @Mixin GlobalOptions global;

    @Override
    public Integer call() {
        global.apply();
        CommandSpec spec = global.spec;
        CommandLine shown = spec.commandLine().getParent();
        for (String name : names) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no command '%s'; diagonal help lists them".formatted(name));
            }
            shown = next;
        }
        shown.usage(spec.commandLine().getOut());
        return 0;
    }
}
