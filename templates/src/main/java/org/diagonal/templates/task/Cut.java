package org.diagonal.templates.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the text of a template is cut into tokens. */
public enum Cut {
    /** Every character is a token, spaces too. */
    CHARACTERS,
    /**
     * Runs of letters, digits and underscores are tokens, and every other character on its own;
     * spaces separate and are none.
     */
    WORDS;

    /**
     * A token's place in its text.
     *
     * @param begin the index of its first character
     * @param end the index behind its last character
     */
    public record Span(int begin, int end) {

        /** The token. */
        public String of(String text) {
            return text.substring(begin, end);
        }
    }

    /** Where the tokens of a text lie, in their order. */
    public List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        for (int begin = 0, end; begin < text.length(); begin = end) {
            end = next(text, begin);
            if (this == CHARACTERS || !isSpace(text.codePointAt(begin))) {
                while (this == WORDS && isWord(text, begin) && isWord(text, end)) {
                    end = next(text, end);
                }
                spans.add(new Span(begin, end));
            }
        }
        return List.copyOf(spans);
    }

    /** The tokens of a text. */
    public List<String> tokens(String text) {
        return spans(text).stream().map(span -> span.of(text)).toList();
    }

    /** Tokens as one text. */
    public String join(List<String> tokens) {
        return String.join(this == WORDS ? " " : "", tokens);
    }

    private static int next(String text, int at) {
        return at + Character.charCount(text.codePointAt(at));
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    private static boolean isWord(String text, int at) {
        if (at >= text.length()) {
            return false;
        }
        int character = text.codePointAt(at);
        return Character.isLetterOrDigit(character)
                || character == '_'
                || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    /** {@code characters} or {@code words}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
