package org.diagonal.eval.source;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.function.BooleanSupplier;
import org.diagonal.plugin.kernels.Kernels;

/**
 * Turns SIGINT and SIGTERM into a wish to stop: the process lives on until the training has saved
 * where it stands and this is closed. A process whose {@link Parent} has ended is to stop, too.
 */
public final class Interruption implements BooleanSupplier, AutoCloseable {

    /** At the end of a process, kernels come to rest once nobody has to save any more. */
    private static final Phaser SAVING = new Phaser(1);

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Interruption::rest, "rest"));
        } catch (IllegalStateException e) {
            SAVING.forceTermination(); // the process ends already
        }
    }

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "interruption");
    private volatile boolean wished;

    public Interruption() {
        SAVING.register();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            wished = true; // the signal came before
        }
    }

    /** Sees to it that a process which a signal ends does not end under a running kernel. */
    public static void prepare() {
        // the class is loaded, and with it the hook
    }

    private static void rest() {
        SAVING.arriveAndAwaitAdvance();
        Kernels.rest();
    }

    private void interrupted() {
        wished = true;
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return wished || Parent.isGone();
    }

    @Override
    public void close() {
        SAVING.arriveAndDeregister();
        closed.countDown();
        if (!wished) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                return; // the signal came just now, and the hook no longer waits
            }
        }
    }
}
