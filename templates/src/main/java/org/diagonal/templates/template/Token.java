package org.diagonal.templates.template;

/**
 * A regular token: it stands for itself.
 *
 * @param text not empty
 */
public record Token(String text) implements Element, Label {

    /** Checks that there is a text. */
    public Token {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a token must not be empty");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
