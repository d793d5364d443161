package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Who works on which trial: a lock on one byte of {@code trials/.claims} for each, at the place
 * that its hash names. The system lets go of it when the process ends, however it ends.
 *
 * <p>A process opens a folder's claims once at a time: closing them lets go of all it holds.
 */
public final class TrialClaims implements AutoCloseable {

    private static final String FILE = ".claims";

    /** Hexadecimal digits of the hash that make a place: all systems lock at 48 bits. */
    private static final int DIGITS = 12;

    private final FileChannel channel;

    private TrialClaims(FileChannel channel) {
        this.channel = channel;
    }

    public static TrialClaims open(Path trials) throws IOException {
        return new TrialClaims(
                FileChannel.open(
                        trials.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /**
     * Claims a trial until the lock is closed.
     *
     * @return empty if another process has it
     */
    public Optional<FileLock> take(Trial trial) throws IOException {
        long place = Long.parseLong(trial.hash().substring(0, DIGITS), 16);
        try {
            return Optional.ofNullable(channel.tryLock(place, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // another part of this process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
