package org.diagonal.eval.cli.option;

import java.util.List;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which of the things that have names to describe, and whether to bring them. */
@Heading("Download")
public final class CatalogueOptions {

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME …",
            description = "which to describe: source, size, licence, place")
    public List<String> names = List.of();

    @Option(names = "--download", description = "bring those that are not at hand into the cache")
    public boolean download;

    /**
     * Checks what no option can check alone.
     *
     * @param thing a model or a text, for the message
     * @throws ParameterException if nothing is named to be brought
     */
    public void check(GlobalOptions global, String thing) {
        if (download && names.isEmpty()) {
            throw global.wrong("--download needs the name of a " + thing);
        }
    }
}
