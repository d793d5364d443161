package org.diagonal.eval.cli.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.diagonal.eval.report.terminal.Words;
import picocli.CommandLine;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The text of {@code --help}: at most 80 columns, options under the headings of their classes. */
public final class HelpText {

    private static final int WIDTH = 80;
    private static final int LABEL = 26;
    private static final int COMMAND = 12;

    private final CommandSpec spec;
    private final ColorScheme colors;
    private final StringBuilder text = new StringBuilder();

    HelpText(CommandSpec spec, ColorScheme colors) {
        this.spec = spec;
        this.colors = colors;
    }

    /** The whole text, each line ended. */
    String render() {
        for (String paragraph : spec.usageMessage().description()) {
            text.append(String.join("\n", Words.wrapped(paragraph, WIDTH))).append("\n");
        }
        heading("Usage");
        for (String synopsis : spec.usageMessage().customSynopsis()) {
            text.append("  ").append(synopsis).append("\n");
        }
        if (spec.subcommands().isEmpty()) {
            text.append("  (defaults in brackets)\n");
        } else {
            heading("Commands");
            spec.subcommands().forEach(this::command);
        }
        if (!spec.positionalParameters().isEmpty()) {
            heading("Arguments");
            for (PositionalParamSpec argument : spec.positionalParameters()) {
                row(valueOf(argument), String.join(" ", argument.description()));
            }
        }
        for (Map.Entry<String, List<OptionSpec>> group : groups().entrySet()) {
            heading(group.getKey());
            group.getValue().forEach(option -> row(label(option), description(option)));
        }
        if (spec.usageMessage().footer().length > 0) {
            heading("Examples");
            for (String example : spec.usageMessage().footer()) {
                text.append("  ").append(example).append("\n");
            }
        }
        return text.toString();
    }

    private void heading(String words) {
        text.append("\n").append(colors.text("@|bold " + words + "|@")).append("\n");
    }

    private void command(String name, CommandLine command) {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return; // for the program itself
        }
        String header = command.getCommandSpec().usageMessage().header()[0];
        text.append("  ").append(name).append(" ".repeat(COMMAND - name.length()));
        text.append(header).append("\n");
    }

    /** Options by heading, in the order in which the command declares them. */
    private Map<String, List<OptionSpec>> groups() {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        List<OptionSpec> last = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            String heading = headingOf(option);
            (heading.equals(GlobalOptions.HEADING)
                            ? last
                            : groups.computeIfAbsent(heading, any -> new ArrayList<>()))
                    .add(option);
        }
        groups.put(GlobalOptions.HEADING, last);
        return groups;
    }

    /** The heading that an option stands under. */
    private static String headingOf(OptionSpec option) {
        return GlobalOptions.mark(option, Heading.class)
                .map(Heading::value)
                .orElse(GlobalOptions.HEADING);
    }

    private static String label(OptionSpec option) {
        String names = String.join(", ", option.names());
        if (option.negatable()) {
            names = names.replaceFirst("^--", "--[no-]");
        }
        return option.arity().max() == 0 ? names : names + " " + valueOf(option);
    }

    /**
     * What stands for a value: the label that an option or argument declares, or that of its type,
     * which is N or X for numbers and the words of an enum.
     */
    public static String valueOf(ArgSpec argument) {
        String label = argument.paramLabel();
        if (!label.startsWith("<")) { // picocli's own do
            return label;
        }
        Class<?> type = argument.auxiliaryTypes()[0];
        if (type.isEnum()) {
            return String.join("|", Choice.words(type));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "N";
            case "double", "Double" -> "X";
            default -> label;
        };
    }

    private static String description(OptionSpec option) {
        String words = String.join(" ", option.description());
        return defaultOf(option).map(value -> words + " [" + value + "]").orElse(words);
    }

    private static Optional<String> defaultOf(OptionSpec option) {
        if (option.negatable()) {
            // Without a default value the model decides, and the description says so.
            return Optional.ofNullable(option.defaultValue())
                    .map(value -> value.equals("true") ? "on" : "off");
        }
        Object value = option.initialValue();
        boolean isEmpty =
                (value instanceof Collection<?> values && values.isEmpty())
                        || OptionalInt.empty().equals(value);
        if (value == null || value instanceof Optional || value instanceof Boolean || isEmpty) {
            return Optional.empty();
        }
        return Optional.of(words(value));
    }

    private static String words(Object value) {
        if (value instanceof Enum<?> constant) {
            return Choice.word(constant);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(HelpText::words).collect(Collectors.joining(","));
        }
        return value.toString().replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    private void row(String label, String description) {
        List<String> lines = Words.wrapped(description, WIDTH - LABEL - 4);
        boolean fits = label.length() <= LABEL;
        text.append("  ").append(fits ? label + " ".repeat(LABEL - label.length()) : label);
        text.append(fits ? "  " : "\n" + " ".repeat(LABEL + 4));
        text.append(String.join("\n" + " ".repeat(LABEL + 4), lines)).append("\n");
    }
}
