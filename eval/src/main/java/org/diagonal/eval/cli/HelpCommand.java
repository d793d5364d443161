package org.diagonal.eval.cli;

import java.util.List;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code diagonal help COMMAND}: the same as {@code diagonal COMMAND --help}. */
@Command(
        name = "help",
        header = "Show the options of a command",
        description = "Shows the commands, or the options of one.",
        customSynopsis = "diagonal help [COMMAND …]",
        footer = {"diagonal help", "diagonal help compare", "diagonal help tasks sample"})
@Heading("Help")
public final class HelpCommand extends Action {

    @Parameters(arity = "0..*", paramLabel = "COMMAND …", description = "which to show")
    List<String> names = List.of();

    @Override
    protected int run() {
        CommandLine shown = global.spec.commandLine().getParent();
        for (String name : names) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw global.wrong(
                        "there is no command '%s'; diagonal help lists them".formatted(name));
            }
            shown = next;
        }
        shown.usage(global.out());
        return 0;
    }
}
