package org.diagonal.eval.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;

/** Which model: the commands that need one refuse to guess. */
@Heading("Model and data")
public final class ModelOptions {

    @Option(
            names = "--model",
            paramLabel = "M",
            required = true,
            description = "a name of diagonal models, or a model or run folder")
    public String model;

    @Option(
            names = "--adapter",
            paramLabel = "FOLDER",
            description =
                    "a folder of identity scalings for the model, as a run writes it, or a LoRA adapter of PEFT")
    public Optional<Path> adapter;
}
