package org.diagonal.eval.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Closes a response's stream when nothing came for a while, which wakes its blocked reader with an
 * IOException; the HTTP client itself only watches the time to the response's headers.
 */
final class StallGuard implements AutoCloseable {

    private final InputStream in;
    private final long patience;
    private final Thread thread;
    private volatile long last = System.nanoTime();
    private volatile boolean stalled;

    private StallGuard(InputStream in, Duration patience) {
        this.in = in;
        this.patience = patience.toNanos();
        this.thread = new Thread(this::watch, "download-stall-guard");
        thread.setDaemon(true);
    }

    static StallGuard over(InputStream in, Duration patience) {
        StallGuard guard = new StallGuard(in, patience);
        guard.thread.start();
        return guard;
    }

    /** Something came. */
    void touch() {
        last = System.nanoTime();
    }

    /** Whether the stream was closed because nothing came. */
    boolean stalled() {
        return stalled;
    }

    private void watch() {
        try {
            while (true) {
                long left = patience - (System.nanoTime() - last);
                if (left <= 0) {
                    stalled = true;
                    in.close();
                    return;
                }
                Thread.sleep(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The reader is done.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
