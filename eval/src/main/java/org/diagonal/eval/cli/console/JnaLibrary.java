package org.diagonal.eval.cli.console;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.plugin.files.AtomicFiles;

/** JNA's native library, unpacked once into the folder of native libraries. */
final class JnaLibrary {

    private JnaLibrary() {}

    /**
     * The folder that holds it, in the folder of native libraries; empty where JNA brings none for
     * this system, or the folder cannot be written to, so that JNA helps itself.
     */
    static Optional<Path> in(Path natives) {
        String name = System.mapLibraryName("jnidispatch");
        String version = Platform.class.getPackage().getImplementationVersion();
        Path folder = natives.resolve("jna-" + version).resolve(Platform.RESOURCE_PREFIX);
        Path library = folder.resolve(name);
        if (Files.exists(library)) {
            return Optional.of(folder);
        }
        String resource = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + name;
        try (InputStream bytes = Platform.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                return Optional.empty();
            }
            Files.createDirectories(folder);
            AtomicFiles.write(library, part -> Files.copy(bytes, part));
            return Optional.of(folder);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
