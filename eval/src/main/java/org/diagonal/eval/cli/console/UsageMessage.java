package org.diagonal.eval.cli.console;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Nearest;
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

    static String of(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unknown) {
            return unknown(unknown);
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return label(twice.getOverwritten()) + " is given twice";
        }
        if (wrong instanceof MissingParameterException missing) {
            return missing(missing);
        }
        if (wrong.getCause() instanceof TypeConversionException reason) {
            return place(wrong) + label(wrong.getArgSpec()) + ": " + reason.getMessage();
        }
        return Failure.firstLine(wrong.getMessage());
    }

    private static String unknown(UnmatchedArgumentException wrong) {
        CommandLine command = wrong.getCommandLine();
        String word = wrong.getUnmatched().get(0);
        if (word.startsWith("-")) {
            String name = word.replaceFirst("=.*", "");
            List<String> known =
                    command.getCommandSpec().options().stream()
                            .flatMap(UsageMessage::names)
                            .toList();
            return "unknown option " + name + Nearest.question(name, known);
        }
        if (!command.getSubcommands().isEmpty()) {
            return "'"
                    + word
                    + "' is no command"
                    + Nearest.question(word, command.getSubcommands().keySet());
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
                        .map(argument -> label(argument) + " " + argument.paramLabel())
                        .collect(Collectors.joining(" and "));
        // picocli has one exception for options that are not there and options without a value.
        return wrong.getMessage().startsWith("Missing required option")
                ? "missing " + missing
                : "a value is missing: " + missing;
    }

    /** File and line of a value that a configuration file holds and no flag overrides. */
    private static String place(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        boolean configured =
                command.getDefaultValueProvider() instanceof ConfigFile
                        && wrong.getArgSpec() instanceof OptionSpec;
        if (!configured) {
            return "";
        }
        ConfigFile config = (ConfigFile) command.getDefaultValueProvider();
        OptionSpec option = (OptionSpec) wrong.getArgSpec();
        return config.place(option, wrong.getValue()).orElse("");
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
