package org.diagonal.plugin.files;

import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Removes what is not whole yet when the process is asked to end. */
final class Unfinished implements AutoCloseable {

    private final AtomicBoolean decided = new AtomicBoolean(); // either removed or whole
    private final Thread hook;

    Unfinished(Runnable removal) {
        hook =
                new Thread(
                        () -> {
                            if (decided.compareAndSet(false, true)) {
                                removal.run();
                            }
                        },
                        "unfinished");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            decided.set(true); // the process ends already
        }
    }

    /**
     * Says that it is whole, and stays.
     *
     * @throws InterruptedIOException if it has been removed, or is about to be
     */
    void whole() throws InterruptedIOException {
        if (!decided.compareAndSet(false, true)) {
            throw new InterruptedIOException("the process was asked to end");
        }
    }

    /** Forgets it. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the hook runs, and knows what was decided
        }
    }
}
