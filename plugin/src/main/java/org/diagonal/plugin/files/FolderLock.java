package org.diagonal.plugin.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One process at a time writes into a folder. The system lets go of the lock when the process ends,
 * however it ends; the file {@code .lock} stays.
 */
public final class FolderLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final FileChannel channel;
    private final FileLock lock;

    private FolderLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Locks a folder, which is made if need be.
     *
     * @throws FileSystemException if the folder cannot be written to or another process holds it
     */
    public static FolderLock take(Path folder) throws IOException {
        FileChannel channel = open(folder);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new FolderLock(channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw refused(folder, "this process holds it already"); // by another part of it
        }
        channel.close();
        throw refused(folder, "another process is working on it");
    }

    private static FileChannel open(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            return FileChannel.open(
                    folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw refused(folder, "cannot be written to: no permission");
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "no folder can be there" : e.getReason();
            throw refused(folder, "cannot be written to: " + reason);
        }
    }

    private static FileSystemException refused(Path folder, String why) {
        return new FileSystemException(folder.toString(), null, why);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
