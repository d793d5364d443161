package org.diagonal.eval.cli.console;

import java.util.Collection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What a user has said himself, on the command line or in the file of {@code --config}. */
public final class Given {

    private Given() {}

    /** Whether an option is given; false where the command does not have it. */
    public static boolean is(CommandSpec spec, String name) {
        OptionSpec option = spec.findOption(name);
        return option != null
                && (spec.commandLine().getParseResult().hasMatchedOption(option)
                        || (spec.defaultValueProvider() instanceof ConfigFile file
                                && file.defaultValue(option) != null));
    }

    /**
     * Refuses options that would have no effect.
     *
     * @param why follows the option's name
     * @throws ParameterException naming the first that is given
     */
    public static void refuse(CommandSpec spec, Collection<String> names, String why) {
        for (String name : names) {
            if (is(spec, name)) {
                throw new ParameterException(spec.commandLine(), name + " " + why);
            }
        }
    }
}
