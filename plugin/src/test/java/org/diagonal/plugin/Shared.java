package org.diagonal.plugin;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Parity data and real checkpoints that may lie beside a checkout. */
public final class Shared {

    private Shared() {}

    /** A folder of the data; ends the test, saying so, where the data is absent. */
    public static Path folder(String name) {
        Path folder = Path.of(System.getProperty("diagonal.shared")).resolve(name);
        assumeTrue(Files.isDirectory(folder), () -> "no data beside this checkout: " + folder);
        return folder;
    }
}
