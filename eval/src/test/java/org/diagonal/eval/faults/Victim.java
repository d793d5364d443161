package org.diagonal.eval.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A command, and the files that it reads and that are damaged.
 *
 * @param words of the command line; {@code OUT} is a folder of its own each time
 * @param before a folder whose copy is {@code OUT} when the command starts, if there is one
 */
record Victim(String name, List<Path> files, List<Object> words, Optional<Path> before) {

    static Victim of(String name, List<Path> files, Object... words) {
        return new Victim(name, files, List.of(words), Optional.empty());
    }

    /** The same command, which resumes what is in a folder. */
    Victim resuming(Path folder) {
        return new Victim(name, files, words, Optional.of(folder));
    }
}
