package org.diagonal.plugin.generate;

import java.util.List;

/**
 * What was added to a text.
 *
 * @param ids the new ids, without the one that ended the text
 * @param end why it ended
 */
public record Generated(List<Long> ids, End end) {

    /** Why a text ended. */
    public enum End {
        /** The model's end-of-text token was chosen. */
        END_OF_TEXT,
        /** All that was asked for is there. */
        LENGTH,
        /** The network can read no further id. */
        CONTEXT_FULL
    }

    /** Copies the ids. */
    public Generated {
        ids = List.copyOf(ids);
    }
}
