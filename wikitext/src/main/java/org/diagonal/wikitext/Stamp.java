package org.diagonal.wikitext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What tells without reading that files are still the same: paths, sizes and times. */
record Stamp(List<String> files, Instant newest) {

    // Within the granularity of a file system's clock a second change would leave the same time.
    private static final Duration GRANULARITY = Duration.ofSeconds(2);

    Stamp {
        files = List.copyOf(files);
    }

    static Stamp of(List<Path> paths) throws IOException {
        List<String> files = new ArrayList<>();
        Instant newest = Instant.EPOCH;
        for (Path path : paths) {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            Instant time = file.lastModifiedTime().toInstant();
            files.add(path.toRealPath() + "\n" + file.size() + "\n" + time);
            newest = time.isAfter(newest) ? time : newest;
        }
        return new Stamp(files, newest);
    }

    /** All of it as one text. */
    String identity() {
        return String.join("\n", files);
    }

    /** Whether the last change is long enough ago that another one will show. */
    boolean isSettled() {
        return newest.isBefore(Instant.now().minus(GRANULARITY));
    }
}
