package org.diagonal.eval.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.files.FileFault;

/** Makes folders in the cache, and says what to do where that is not possible. */
final class CacheFolder {

    private CacheFolder() {}

    /** Makes the folder and those above it where they are not there. */
    static void create(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw cannot(folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw cannot(folder, new IOException("it is read-only"));
        }
    }

    private static FileSystemException cannot(Path folder, IOException cause) {
        return FileFault.of(
                folder,
                "cannot write to the cache (%s); DIAGONAL_CACHE can name another folder"
                        .formatted(FileFault.why(cause)),
                cause);
    }
}
