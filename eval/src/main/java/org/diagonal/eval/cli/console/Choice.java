package org.diagonal.eval.cli.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.diagonal.templates.task.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Words for the constants of an enum: {@code RUN_CLM} is {@code run-clm}. */
public final class Choice {

    private Choice() {}

    /** Makes a command take the words of an enum. */
    static <E> void register(CommandLine command, Class<E> type) {
        command.registerConverter(type, word -> of(type, word));
    }

    /** The word for a constant. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words of an enum, in its order. */
    static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> word((Enum<?>) constant))
                .toList();
    }

    private static <E> E of(Class<E> type, String word) {
        List<String> known = words(type);
        int index = known.indexOf(word);
        if (index < 0) {
            throw unknown(word, known);
        }
        return type.getEnumConstants()[index];
    }

    /** Says that a word is none of those that are known, and which was probably meant. */
    static TypeConversionException unknown(String word, List<String> known) {
        return new TypeConversionException(
                "'%s' is not one of: %s%s"
                        .formatted(word, String.join(", ", known), Nearest.question(word, known)));
    }
}
