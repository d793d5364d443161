package org.diagonal.eval.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps other processes, and other threads of this one, from downloading the same file at a time.
 *
 * <p>Whoever holds the lock must first look whether the file is already there: the one before may
 * have brought it, and has then removed the lock's file under those who still wait on it.
 */
final class DownloadLock implements AutoCloseable {

    private static final long POLL_MILLIS = 50;

    private final Path file;
    private final FileChannel channel;
    private boolean done;

    private DownloadLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Waits until nobody else downloads the target. */
    static DownloadLock on(Path target) throws IOException {
        Path file = target.resolveSibling("." + target.getFileName() + ".lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (tryLock(channel).isEmpty()) {
                Thread.sleep(POLL_MILLIS);
            }
            return new DownloadLock(file, channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(target + ": interrupted while another one loads it");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException busyInThisProcess) {
            return Optional.empty();
        }
    }

    /** The target is there and verified: nobody needs the lock's file any more. */
    void done() {
        done = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (done) {
            try {
                Files.deleteIfExists(file);
            } catch (FileSystemException heldByAWaiter) {
                // Windows keeps a file that another process has open; that one deletes it.
                return;
            }
        }
    }
}
