package org.diagonal.eval.cli.console;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The ranges that options keep their numbers in. */
public final class Numbers {

    /** Narrower than Java's own idea, which takes 1d and 0x1p3. */
    private static final Pattern REAL =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    /** Java would take the digits of every script. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");

    private Numbers() {}

    /** 1, 2, 3 … */
    public static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String words) {
            return whole(words, 1);
        }
    }

    /** 0, 1, 2 … */
    public static final class Whole implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String words) {
            return whole(words, 0);
        }
    }

    /** Any 64-bit whole number. */
    public static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String words) {
            try {
                return Long.valueOf(digits(words));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + words + "' is too large");
            }
        }
    }

    /** A number that may be negative or zero, but is finite. */
    public static final class Real implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return real(words);
        }
    }

    /** Zero or more. */
    public static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            double value = real(words);
            if (value < 0) {
                throw new TypeConversionException("must be 0 or more, not " + words);
            }
            return value;
        }
    }

    /** More than zero. */
    public static final class AboveZero implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            double value = real(words);
            if (value <= 0) {
                throw new TypeConversionException("must be more than 0, not " + words);
            }
            return value;
        }
    }

    /** From 0 to less than 1. */
    public static final class Fraction implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            double value = real(words);
            if (value < 0 || value >= 1) {
                throw new TypeConversionException("must lie in 0 to 1, 1 excluded, not " + words);
            }
            return value;
        }
    }

    /** From 0 to 1, 0 excluded. */
    public static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            double value = real(words);
            if (value <= 0 || value > 1) {
                throw new TypeConversionException("must lie in 0 to 1, 0 excluded, not " + words);
            }
            return value;
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
