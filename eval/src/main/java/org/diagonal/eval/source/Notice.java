package org.diagonal.eval.source;

import java.util.List;

/**
 * A message for the user.
 *
 * @param text one line that is whole by itself
 * @param settings the settings that it is about, or whose change would help
 */
public record Notice(String text, List<Setting> settings) {

    /** Copies the settings. */
    public Notice {
        settings = List.copyOf(settings);
    }

    /** A message about some settings. */
    public static Notice of(String text, Setting... settings) {
        return new Notice(text, List.of(settings));
    }
}
