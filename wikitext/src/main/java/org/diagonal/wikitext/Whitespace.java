package org.diagonal.wikitext;

/**
 * White space as Python 3 has it for {@code str}: {@code str.isspace}, {@code str.strip} and {@code
 * \s} of {@code re} agree on these characters, and Java has no class that is equal to it.
 */
final class Whitespace {

    private Whitespace() {}

    static boolean is(char c) {
        if (c < 128) {
            return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
        }
        return c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** The first position from {@code from} on, below {@code to}, that holds no white space. */
    static int skip(CharSequence text, int from, int to) {
        int at = from;
        while (at < to && is(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The position after the last character in {@code from} to {@code to} that is not space. */
    static int skipBack(CharSequence text, int from, int to) {
        int at = to;
        while (at > from && is(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    static boolean isBlank(CharSequence text) {
        return skip(text, 0, text.length()) == text.length();
    }

    static String strip(String text) {
        int from = skip(text, 0, text.length());
        return text.substring(from, skipBack(text, from, text.length()));
    }

    /** The parts of {@code re.split(r"\s+", text)}, empty ones included: one more than runs. */
    static long parts(CharSequence text) {
        long parts = 1;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = is(text.charAt(i));
            if (space && !inside) {
                parts++;
            }
            inside = space;
        }
        return parts;
    }
}
