package org.diagonal.eval.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model: the commands that need one refuse to guess. */
@Heading("Model and data")
final class ModelOptions {

    @Option(
            names = "--model",
            paramLabel = "M",
            required = true,
            description = "a name (see diagonal models), a model folder, or a run folder")
    String model;

    @Option(
            names = "--adapter",
            paramLabel = "FOLDER",
            description = "identity scalings to put on it: a folder with adapter_config.json")
    Optional<Path> adapter;
}
