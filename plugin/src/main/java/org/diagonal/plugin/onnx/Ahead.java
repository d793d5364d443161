package org.diagonal.plugin.onnx;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * A value that a thread of its own makes while others compute something else.
 *
 * @param <T> what is made
 */
public final class Ahead<T> implements AutoCloseable {

    private final FutureTask<T> task;
    private final Consumer<? super T> closer;

    private Ahead(String name, Making<T> making, Consumer<? super T> closer) {
        this.task = new FutureTask<>(making::make);
        this.closer = closer;
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** How a value is made. */
    @FunctionalInterface
    public interface Making<T> {

        /** Makes it. */
        T make() throws IOException;
    }

    /**
     * Begins to make a value.
     *
     * @param name of the thread
     * @param closer is given the value in the end, if there is one
     */
    public static <T> Ahead<T> of(String name, Making<T> making, Consumer<? super T> closer) {
        return new Ahead<>(name, making, closer);
    }

    /** The same for a value that needs no closing. */
    public static <T> Ahead<T> of(String name, Making<T> making) {
        return of(name, making, value -> {});
    }

    /**
     * Waits for the value.
     *
     * @throws IOException what making it threw
     */
    public T get() throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            if (e.getCause() instanceof Error fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Waits until nothing is made any more, and closes what was. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (true) {
            try {
                closer.accept(task.get());
                break;
            } catch (InterruptedException e) {
                interrupted = true; // its files are about to go: it has to end first
            } catch (ExecutionException e) {
                break; // there is nothing to close, and who needed the value was told why
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
