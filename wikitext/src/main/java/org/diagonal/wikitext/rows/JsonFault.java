package org.diagonal.wikitext.rows;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What is wrong with a piece of JSON, in the parser's words without its own affairs. */
public final class JsonFault {

    private JsonFault() {}

    /** One line, which may be empty. */
    public static String words(JsonProcessingException fault) {
        return fault.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(start marker at .*", "")
                .replaceFirst(", from `[^`]*`", "");
    }
}
