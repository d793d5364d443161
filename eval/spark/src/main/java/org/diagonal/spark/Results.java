package org.diagonal.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where results are kept: a folder of this machine, and perhaps a path of any Hadoop file system. A
 * file is whole or absent, and never replaced.
 */
final class Results {

    private final Path folder;
    private final Optional<Store> store;

    private record Store(FileSystem system, org.apache.hadoop.fs.Path folder) {

        org.apache.hadoop.fs.Path of(String name) {
            return new org.apache.hadoop.fs.Path(folder, name);
        }
    }

    private Results(Path folder, Optional<Store> store) {
        this.folder = folder;
        this.store = store;
    }

    static Results of(Arguments arguments, Configuration hadoop) throws IOException {
        Optional<Store> store = Optional.empty();
        if (arguments.store().isPresent()) {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(arguments.store().get());
            FileSystem system = path.getFileSystem(hadoop);
            system.setWriteChecksum(false); // a local one would leave files beside
            system.mkdirs(path);
            store = Optional.of(new Store(system, path));
        }
        return new Results(arguments.out(), store);
    }

    /** Whether a result is there; fetches it from the store, if it is there alone. */
    boolean has(String name) throws IOException {
        String file = name + ".json";
        if (Files.exists(folder.resolve(file))) {
            return true;
        }
        if (store.isPresent() && store.get().system.exists(store.get().of(file))) {
            try (var in = store.get().system.open(store.get().of(file))) {
                write(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return true;
        }
        return false;
    }

    /** Keeps a result. */
    void keep(String name, String text) {
        try {
            String file = name + ".json";
            if (store.isPresent()) {
                put(store.get(), file, text);
            }
            write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(Store store, String file, String text) throws IOException {
        if (store.system.exists(store.of(file))) {
            return;
        }
        org.apache.hadoop.fs.Path part = store.of("." + file + "." + UUID.randomUUID());
        try (OutputStream out = store.system.create(part, false)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        if (!store.system.rename(part, store.of(file))) {
            store.system.delete(part, false); // somebody was quicker
            if (!store.system.exists(store.of(file))) {
                throw new IOException(store.of(file) + ": cannot be written");
            }
        }
    }

    private void write(String file, String text) throws IOException {
        Path part = folder.resolve("." + file + "." + UUID.randomUUID() + ".part");
        Files.writeString(part, text);
        Files.move(part, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
