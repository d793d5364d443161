package org.diagonal.templates.task;

/** A text for a message of one line. */
public final class Quoted {

    private static final int LONGEST = 120;

    private Quoted() {}

    /** The text in quotes, line breaks and tabs escaped, the end of a long one left out. */
    public static String of(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        boolean cut = line.length() > LONGEST;
        return '"' + (cut ? line.substring(0, LONGEST) + "…" : line) + '"';
    }
}
