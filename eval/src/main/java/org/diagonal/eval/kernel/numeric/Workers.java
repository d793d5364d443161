package org.diagonal.eval.kernel.numeric;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Runs independent parts of a computation side by side. Results come back in the order of the
 * parts, so that sums over them have the same bits with any number of threads.
 */
public final class Workers implements AutoCloseable {

    private final ExecutorService threads;

    /** Starts daemon threads; close this to end them. */
    public Workers(int threads) {
        this.threads =
                Executors.newFixedThreadPool(
                        threads,
                        work -> {
                            Thread thread = new Thread(work, "kernel");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /**
     * Runs all parts.
     *
     * @param count how many there are
     * @param part computes one by its number, from 0 on
     * @throws IllegalArgumentException and other unchecked exceptions that a part throws
     */
    public <T> List<T> all(int count, IntFunction<T> part) {
        List<Future<T>> futures =
                IntStream.range(0, count)
                        .mapToObj(i -> threads.submit(() -> part.apply(i)))
                        .toList();
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> future : futures) {
                results.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            futures.forEach(future -> future.cancel(true));
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new IllegalArgumentException(refused.getMessage(), refused);
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
