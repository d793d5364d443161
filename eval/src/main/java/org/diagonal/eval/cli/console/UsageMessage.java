package org.diagonal.eval.cli.console;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.templates.task.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the words of a command, and what was probably meant. */
final class UsageMessage {

    private UsageMessage() {}

    /**
     * Says what is wrong.
     *
     * @param words the whole command, where an option that there is not comes before one that is
     *     missing
     */
    static String of(ParameterException wrong, List<String> words) {
        Optional<String> unknown =
                wrong instanceof MissingParameterException
                        ? firstUnknown(wrong.getCommandLine(), words)
                        : Optional.empty();
        return unknown.map(name -> unknown(wrong.getCommandLine(), name)).orElse(of(wrong));
    }

    private static Optional<String> firstUnknown(CommandLine command, List<String> words) {
        List<String> known = known(command);
        return words.stream()
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.matches("--[a-zA-Z].*"))
                .map(word -> word.replaceFirst("=.*", ""))
                .filter(name -> !known.contains(name))
                .findFirst();
    }

    private static List<String> known(CommandLine command) {
        return command.getCommandSpec().options().stream().flatMap(UsageMessage::names).toList();
    }

    private static String unknown(CommandLine command, String name) {
        List<String> known = known(command);
        Optional<String> ours = ForeignNames.ours(name).filter(known::contains);
        return "unknown option "
                + name
                + ours.map(ourName -> "; use " + ourName)
                        .or(() -> ForeignNames.answer(name).map(answer -> "; " + answer))
                        .orElse(Nearest.question(name, known));
    }

    private static String of(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unknown) {
            return unknown(unknown);
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return label(twice.getOverwritten()) + " is given twice";
        }
        if (wrong instanceof MissingParameterException missing) {
            return missing(missing);
        }
        Throwable reason = wrong.getCause();
        if (reason instanceof TypeConversionException
                || reason instanceof IllegalArgumentException) {
            return place(wrong) + label(wrong.getArgSpec()) + ": " + reason.getMessage();
        }
        return Failure.firstLine(wrong.getMessage());
    }

    private static String unknown(UnmatchedArgumentException wrong) {
        CommandLine command = wrong.getCommandLine();
        String word = wrong.getUnmatched().get(0);
        if (word.startsWith("-")) {
            return unknown(command, word.replaceFirst("=.*", ""));
        }
        if (!command.getSubcommands().isEmpty()) {
            return "'%s' is no command%s"
                    .formatted(word, Nearest.question(word, command.getSubcommands().keySet()));
        }
        return "unexpected argument '" + word + "'";
    }

    private static Stream<String> names(OptionSpec option) {
        Stream<String> names = Stream.of(option.names()).filter(name -> name.startsWith("--"));
        return option.negatable()
                ? names.flatMap(name -> Stream.of(name, name.replaceFirst("^--", "--no-")))
                : names;
    }

    private static String missing(MissingParameterException wrong) {
        String missing =
                wrong.getMissing().stream()
                        .map(argument -> label(argument) + " " + HelpText.valueOf(argument))
                        .collect(Collectors.joining(" and "));
        // picocli has one exception for options that are not there and options without a value.
        return wrong.getMessage().startsWith("Missing required option")
                ? "missing " + missing
                : "a value is missing: " + missing;
    }

    /** File and line of a value that a configuration file holds and no flag overrides. */
    private static String place(ParameterException wrong) {
        return wrong.getCommandLine().getDefaultValueProvider() instanceof ConfigFile config
                        && wrong.getArgSpec() instanceof OptionSpec option
                ? config.place(option, wrong.getValue()).orElse("")
                : "";
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
