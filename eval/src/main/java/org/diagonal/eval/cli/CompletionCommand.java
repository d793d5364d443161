package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.HelpText;
import org.diagonal.eval.cli.console.Inputs;
import org.diagonal.eval.cli.console.ResultFile;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal completion}: a script that makes a shell complete commands and options. */
@Command(
        name = "completion",
        header = "Print a script that completes commands in a shell",
        description =
                "Prints a script that makes a shell complete commands and options. Put the line of"
                        + " your shell below into its start-up file.",
        customSynopsis = "diagonal completion bash|zsh|fish",
        footer = {
            "source <(diagonal completion bash)      # in ~/.bashrc",
            "source <(diagonal completion zsh)       # in ~/.zshrc, after compinit",
            "diagonal completion fish | source       # in ~/.config/fish/config.fish"
        })
@Heading("Completion")
public final class CompletionCommand extends Action {

    /** Shells that can be told how to complete. */
    enum Shell {
        BASH,
        ZSH,
        FISH,
        /** Each of them, for an archive. */
        ALL
    }

    @Parameters(paramLabel = "bash|zsh|fish|all", description = "the shell; all needs --out")
    Shell shell;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "write diagonal.bash, diagonal.zsh or diagonal.fish there instead")
    Optional<Path> out;

    @Option(names = "--force", description = "let --out replace a file that is no such script")
    boolean force;

    @Override
    protected int run() throws IOException {
        if (shell == Shell.ALL && out.isEmpty()) {
            throw global.wrong("all needs --out FOLDER");
        }
        List<Shell> shells =
                shell == Shell.ALL ? List.of(Shell.BASH, Shell.ZSH, Shell.FISH) : List.of(shell);
        for (Shell each : out.isPresent() ? shells : List.<Shell>of()) {
            file(each).check(force, Inputs.of(global.spec)); // all of them before any is written
        }
        for (Shell each : shells) {
            String script = script(each, global.spec.commandLine().getParent());
            if (out.isPresent()) {
                file(each).write(script, global.out());
            } else {
                global.out().print(script);
                global.out().flush();
            }
        }
        return 0;
    }

    private ResultFile file(Shell each) {
        String name = "diagonal." + each.name().toLowerCase(Locale.ROOT);
        return new ResultFile("--out", out.orElseThrow().resolve(name), ResultFile.Kind.SCRIPT);
    }

    private static String script(Shell shell, CommandLine root) {
        root.getSubcommands().values().forEach(command -> offer(command.getCommandSpec()));
        String bash = AutoComplete.bash("diagonal", root);
        return switch (shell) {
            case BASH, ALL -> bash;
            case ZSH -> "autoload -Uz bashcompinit && bashcompinit\n" + bash;
            case FISH -> fish(root);
        };
    }

    /** Offers the words that an option takes, where picocli would offer names of constants. */
    private static void offer(CommandSpec command) {
        for (ArgSpec argument : List.copyOf(command.args())) {
            List<String> choices = choices(argument);
            if (!choices.isEmpty()) {
                command.remove(argument);
                command.add(
                        argument.isOption()
                                ? OptionSpec.builder((OptionSpec) argument)
                                        .completionCandidates(choices)
                                        .build()
                                : PositionalParamSpec.builder((PositionalParamSpec) argument)
                                        .completionCandidates(choices)
                                        .build());
            }
        }
    }

    private static String fish(CommandLine root) {
        String names = String.join(" ", root.getSubcommands().keySet());
        StringBuilder script = new StringBuilder();
        root.getSubcommands()
                .forEach(
                        (name, command) -> {
                            CommandSpec spec = command.getCommandSpec();
                            script.append(
                                    "complete -c diagonal -f -n 'not __fish_seen_subcommand_from %s' -a %s -d %s%n"
                                            .formatted(
                                                    names,
                                                    name,
                                                    quoted(spec.usageMessage().header()[0])));
                            spec.options().forEach(option -> script.append(fish(name, option)));
                        });
        return script.toString();
    }

    private static String fish(String command, OptionSpec option) {
        String choices = String.join(" ", choices(option));
        return "complete -c diagonal -n '__fish_seen_subcommand_from %s' -l %s%s%s -d %s%n"
                .formatted(
                        command,
                        option.longestName().replaceFirst("^-+", ""),
                        option.arity().max() > 0 ? " -r" : "",
                        choices.isEmpty() ? "" : " -f -a " + quoted(choices),
                        quoted(String.join(" ", option.description())));
    }

    /** The words of a label such as {@code auto|never}; none for a label of another form. */
    private static List<String> choices(ArgSpec argument) {
        String label = HelpText.valueOf(argument);
        return label.matches("[a-z0-9-]+(\\|[a-z0-9-]+)+")
                ? List.of(label.split("\\|", -1))
                : List.of();
    }

    private static String quoted(String words) {
        return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
