package org.diagonal.eval.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tied setting is computed from, such as {@code 10 * lr} or {@code (width + 2) / heads}:
 * numbers, names of axes, {@code + - * /} and parentheses. Decimal, so that ten times 0.003 is
 * 0.03.
 */
final class Expression {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:([0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?)|([a-z]+(?:-[a-z]+)*)|([-+*/()]))");

    private static final int LONGEST = 1000; // and with it how deep parentheses can be

    private final String text;
    private final Set<Axis> variables;

    private Expression(String text, Set<Axis> variables) {
        this.text = text;
        this.variables = Set.copyOf(variables);
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none, naming what is wrong
     */
    static Expression parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "an expression has at most %d letters, found %d"
                            .formatted(LONGEST, text.length()));
        }
        Reader reader = new Reader(text, Map.of(), true);
        reader.whole();
        return new Expression(text.strip(), reader.names);
    }

    /** The axes that it reads. */
    Set<Axis> variables() {
        return variables;
    }

    /**
     * Its value.
     *
     * @param values of at least its variables
     */
    BigDecimal value(Map<Axis, String> values) {
        return new Reader(text, values, false).whole();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Reads from left to right, computing as it goes. */
    private static final class Reader {
        private final String text;
        private final Map<Axis, String> values;
        private final boolean checking;
        private final Matcher matcher;
        private final Set<Axis> names = new LinkedHashSet<>();
        private boolean ahead;

        Reader(String text, Map<Axis, String> values, boolean checking) {
            this.text = text;
            this.values = values;
            this.checking = checking;
            this.matcher = TOKEN.matcher(text.strip());
            next();
        }

        private void next() {
            int from = ahead ? matcher.end() : 0;
            ahead = matcher.region(from, matcher.regionEnd()).lookingAt();
            if (!ahead && from < matcher.regionEnd()) {
                throw wrong(
                        "cannot read from '%s' on".formatted(text.strip().substring(from).strip()));
            }
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException(
                    "'%s' is not an expression such as 10 * lr: %s".formatted(text.strip(), why));
        }

        private boolean is(String symbol) {
            return ahead && symbol.equals(matcher.group(3));
        }

        BigDecimal whole() {
            BigDecimal value = sum();
            if (ahead) {
                throw wrong("'" + matcher.group().strip() + "' is left over");
            }
            return value;
        }

        private BigDecimal sum() {
            BigDecimal value = product();
            while (is("+") || is("-")) {
                boolean plus = is("+");
                next();
                BigDecimal other = product();
                value = plus ? value.add(other) : value.subtract(other);
            }
            return value;
        }

        private BigDecimal product() {
            BigDecimal value = single();
            while (is("*") || is("/")) {
                boolean times = is("*");
                next();
                BigDecimal other = single();
                if (!times && other.signum() == 0) {
                    throw wrong("it divides by 0");
                }
                value = times ? value.multiply(other) : value.divide(other, MathContext.DECIMAL64);
            }
            return value;
        }

        private BigDecimal single() {
            if (!ahead) {
                throw wrong("it ends too early");
            }
            if (is("(")) {
                next();
                BigDecimal value = sum();
                if (!is(")")) {
                    throw wrong("a ) is missing");
                }
                next();
                return value;
            }
            BigDecimal value;
            if (matcher.group(1) != null) {
                value = new BigDecimal(matcher.group(1));
            } else if (matcher.group(2) != null) {
                value = variable(Axis.of(matcher.group(2)));
            } else {
                throw wrong("'" + matcher.group(3) + "' stands where a number is expected");
            }
            next();
            return value;
        }

        private BigDecimal variable(Axis axis) {
            if (!axis.isNumber()) {
                throw wrong(axis + " is not a number");
            }
            names.add(axis);
            // While checking, a number that no division stumbles over.
            return checking ? new BigDecimal("7.3") : new BigDecimal(values.get(axis));
        }
    }
}
