package org.diagonal.eval.source;

import java.util.EnumSet;
import java.util.List;

/** A setting has a wrong value, or another value of one would help. */
public final class SettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final EnumSet<Setting> settings = EnumSet.noneOf(Setting.class);

    /**
     * A failure.
     *
     * @param message one line that is whole by itself
     * @param settings the settings that it is about
     */
    public SettingException(String message, Setting... settings) {
        super(message);
        this.settings.addAll(List.of(settings));
    }

    /** The same, caused by another failure. */
    public SettingException(String message, Throwable cause, Setting... settings) {
        super(message, cause);
        this.settings.addAll(List.of(settings));
    }

    /** The message and the settings. */
    public Notice notice() {
        return new Notice(getMessage(), List.copyOf(settings));
    }
}
