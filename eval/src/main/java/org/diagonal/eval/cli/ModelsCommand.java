package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code diagonal models}: what {@code --model} takes by name. */
@Command(
        name = "models",
        header = "List the models that have names, or download one",
        description = "Lists the models that have names, or says more about some.",
        customSynopsis = "diagonal models [NAME …] [options]",
        footer = {"diagonal models", "diagonal models nano", "diagonal models gpt2 --download"})
@Heading("Download")
public final class ModelsCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME …",
            description = "which to describe: source, size, licence, place")
    List<String> names = List.of();

    @Option(names = "--download", description = "bring those that are not at hand into the cache")
    boolean download;

    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        if (download && names.isEmpty()) {
            throw new ParameterException(
                    global.spec.commandLine(), "--download needs the name of a model");
        }
        return run();
    }

    private int run() throws IOException {
        throw new UnsupportedOperationException("models is not built yet");
    }
}
