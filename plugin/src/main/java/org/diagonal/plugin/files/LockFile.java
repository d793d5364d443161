package org.diagonal.plugin.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file whose lock keeps other processes, and other parts of this one, from the same work. The
 * system releases the lock when the process ends, however it ends; the file stays.
 *
 * <p>A process opens a file once at a time: closing it releases all locks on it.
 */
public final class LockFile implements AutoCloseable {

    private static final String OF_FOLDER = ".lock";

    private static final long POLL_MILLIS = 50;

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens a file, which is made if need be, without locking anything yet. */
    public static LockFile open(Path file) throws IOException {
        return new LockFile(
                file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /**
     * Locks a folder by its file {@code .lock}; the folder is made if need be.
     *
     * @throws FileSystemException if the folder cannot be written to or somebody else holds it
     */
    public static LockFile ofFolder(Path folder) throws IOException {
        LockFile file = openIn(folder);
        try {
            if (file.channel.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            file.close();
            throw refused(folder, "this process holds it already"); // by another part of it
        }
        file.close();
        throw refused(folder, "another process is working on it");
    }

    private static LockFile openIn(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            return open(folder.resolve(OF_FOLDER));
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

    /**
     * Waits until nobody else holds a file, and locks it. Whoever held it before may have done the
     * work, and removed the file: so look first.
     *
     * @throws InterruptedIOException if this thread is interrupted meanwhile
     */
    public static LockFile await(Path file) throws IOException {
        LockFile opened = open(file);
        try {
            while (opened.tryLock(0, Long.MAX_VALUE).isEmpty()) {
                Thread.sleep(POLL_MILLIS);
            }
            return opened;
        } catch (InterruptedException e) {
            opened.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(file + ": interrupted while another one holds it");
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Locks one place of the file: one of many pieces of work.
     *
     * @param place from 0; all systems lock at 48 bits
     * @return closed by the caller when the work is done; empty if somebody else holds the place
     */
    public Optional<FileLock> tryLock(long place) throws IOException {
        return tryLock(place, 1);
    }

    private Optional<FileLock> tryLock(long from, long count) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock(from, count, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // another part of this process
        }
    }

    /** Releases all locks and removes the file, which nobody needs any more. */
    public void closeAndRemove() throws IOException {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (FileSystemException heldByAWaiter) {
            // Windows keeps a file that another process has open; that one deletes it.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
