package org.diagonal.wikitext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What tells without reading that files are still the same: paths, sizes, inodes and times.
 *
 * @param files all of it, a text a file
 * @param newest the last change of any
 * @param trusted whether the times of changes are the system's, not the modification times that
 *     copies keep and users set
 */
record Stamp(List<String> files, Instant newest, boolean trusted) {

    // Within the granularity of a file system's clock a second change would leave the same time.
    private static final Duration GRANULARITY = Duration.ofSeconds(2);

    Stamp {
        files = List.copyOf(files);
    }

    static Stamp of(List<Path> paths) throws IOException {
        List<String> files = new ArrayList<>();
        Instant newest = Instant.EPOCH;
        boolean trusted = true;
        for (Path path : paths) {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            Instant time = file.lastModifiedTime().toInstant();
            String stamp = path.toRealPath() + "\n" + file.size() + "\n" + time;
            if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                Instant changed = ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
                stamp += "\n" + changed + "\n" + Files.getAttribute(path, "unix:ino");
                time = changed.isAfter(time) ? changed : time;
            } else {
                trusted = false;
            }
            files.add(stamp);
            newest = time.isAfter(newest) ? time : newest;
        }
        return new Stamp(files, newest, trusted);
    }

    /** All of it as one text. */
    String identity() {
        return String.join("\n", files);
    }

    /** Whether the last change is long enough ago that another one will show. */
    boolean isSettled() {
        return trusted && newest.isBefore(Instant.now().minus(GRANULARITY));
    }
}
