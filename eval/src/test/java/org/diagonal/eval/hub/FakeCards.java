package org.diagonal.eval.hub;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cards of tests, on a class path that is a folder. */
final class FakeCards {

    private final Path root;

    FakeCards(Path root) {
        this.root = root;
    }

    FakeCards with(String path, String text) throws IOException {
        Path file = root.resolve("models").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    Cards read() throws IOException {
        return new Cards(new URLClassLoader(new URL[] {root.toUri().toURL()}, null), "models");
    }
}
