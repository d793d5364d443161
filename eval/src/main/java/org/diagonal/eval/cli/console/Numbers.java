package org.diagonal.eval.cli.console;

import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The numbers that options take: whole ones from 1 on, seeds, which are long, and finite real ones.
 * An option with another range names its converter.
 */
public final class Numbers {

    /** Narrower than Java's own idea, which takes 1d and 0x1p3. */
    private static final Pattern REAL =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    /** Java would take the digits of every script. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");

    private Numbers() {}

    /** Makes a command read numbers as options without a converter take them. */
    static void register(CommandLine command) {
        command.registerConverter(Integer.class, Numbers::positive);
        command.registerConverter(Integer.TYPE, Numbers::positive);
        command.registerConverter(Long.class, Numbers::seed);
        command.registerConverter(Long.TYPE, Numbers::seed);
        command.registerConverter(Double.class, Numbers::real);
        command.registerConverter(Double.TYPE, Numbers::real);
    }

    /** 1, 2, 3 … */
    public static int positive(String words) {
        return whole(words, 1);
    }

    /** Any 64-bit whole number. */
    private static long seed(String words) {
        try {
            return Long.parseLong(digits(words));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + words + "' is too large");
        }
    }

    /** 0, 1, 2 … */
    public static final class Whole implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String words) {
            return whole(words, 0);
        }
    }

    /** Zero or more. */
    public static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return real(words, value -> value >= 0, "must be 0 or more");
        }
    }

    /** More than zero. */
    public static final class AboveZero implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return real(words, value -> value > 0, "must be more than 0");
        }
    }

    /** From 0 to less than 1. */
    public static final class Fraction implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return real(words, value -> value >= 0 && value < 1, "must lie in 0 to 1, 1 excluded");
        }
    }

    /** From 0 to 1, 0 excluded. */
    public static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return real(words, value -> value > 0 && value <= 1, "must lie in 0 to 1, 0 excluded");
        }
    }

    private static int whole(String words, int least) {
        int value;
        try {
            value = Integer.parseInt(digits(words));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + words + "' is too large");
        }
        if (value < least) {
            throw new TypeConversionException("must be " + least + " or more, not " + words);
        }
        return value;
    }

    private static String digits(String words) {
        if (!WHOLE.matcher(words).matches()) {
            throw new TypeConversionException("'" + words + "' is not a whole number");
        }
        return words;
    }

    private static double real(String words, DoublePredicate range, String rule) {
        double value = real(words);
        if (!range.test(value)) {
            throw new TypeConversionException(rule + ", not " + words);
        }
        return value;
    }

    /** A number that may be negative or zero, but is finite. */
    private static double real(String words) {
        if (!REAL.matcher(words).matches()) {
            throw new TypeConversionException("'" + words + "' is not a number");
        }
        double value = Double.parseDouble(words);
        if (!Double.isFinite(value)) {
            throw new TypeConversionException("is too large: " + words);
        }
        return value;
    }

    /** A part of a whole: {@code 5%}, or {@code 0.05}; above 0 and below 1. */
    public static final class Percent implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            boolean percent = words.endsWith("%");
            String digits = percent ? words.substring(0, words.length() - 1).strip() : words;
            double share = digits.matches("\\d*\\.?\\d+") ? Double.parseDouble(digits) : -1;
            share = percent || share >= 1 ? share / 100 : share;
            if (share <= 0 || share >= 1) {
                throw new TypeConversionException(
                        "'%s' is not a share such as 5%% or 0.05".formatted(words));
            }
            return share;
        }
    }
}
