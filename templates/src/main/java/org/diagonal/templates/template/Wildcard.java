package org.diagonal.templates.template;

/**
 * A place-holder for a symbol, by custom a Greek letter.
 *
 * @param name not empty
 */
public record Wildcard(String name) implements Element, Label {

    /** Checks that there is a name. */
    public Wildcard {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a wildcard must have a name");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
