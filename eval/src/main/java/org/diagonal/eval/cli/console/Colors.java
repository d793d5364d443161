package org.diagonal.eval.cli.console;

import java.util.Map;

/**
 * Whether stderr shows colours: on a terminal that has them, unless the environment's {@code
 * NO_COLOR} holds anything.
 */
final class Colors {

    private static final String RED = "\033[1;31m";
    private static final String PLAIN = "\033[0m";

    private Colors() {}

    /** For this process. */
    static boolean areOn() {
        return areOn(Integer.getInteger("diagonal.columns", 0), System.getenv());
    }

    static boolean areOn(int columns, Map<String, String> environment) {
        return columns > 0
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** The beginning of a message about a failure. */
    static String alarm(String words) {
        return areOn() ? RED + words + PLAIN : words;
    }
}
