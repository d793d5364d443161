package org.diagonal.eval.cli.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.diagonal.templates.task.Nearest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Words for the constants of an enum: {@code RUN_CLM} is {@code run-clm}.
 *
 * @param <E> the enum
 */
public final class Choice<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    public Choice(Class<E> type) {
        this.type = type;
    }

    /** The word for a constant. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public E convert(String words) {
        List<String> known = Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
        int index = known.indexOf(words);
        if (index < 0) {
            throw new TypeConversionException(
                    "'"
                            + words
                            + "' is not one of: "
                            + String.join(", ", known)
                            + Nearest.question(words, known));
        }
        return type.getEnumConstants()[index];
    }
}
