package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AheadTest {

    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aValueIsMadeElsewhereAndClosedInTheEnd() throws Exception {
        try (Ahead<String> ahead =
                Ahead.of("maker", () -> Thread.currentThread().getName(), closed::add)) {
            assertThat(ahead.get()).isEqualTo("maker");
            assertThat(ahead.get()).isEqualTo("maker");
            assertThat(closed).isEmpty();
        }
        assertThat(closed).containsExactly("maker");
    }

    @Test
    void whatMakingThrowsIsThrownAsItIs() {
        IOException fault = new IOException("no such file");
        try (Ahead<String> ahead =
                Ahead.of(
                        "maker",
                        () -> {
                            throw fault;
                        },
                        closed::add)) {
            assertThatThrownBy(ahead::get).isSameAs(fault);
        }
        IllegalStateException other = new IllegalStateException("no such thing");
        try (Ahead<String> ahead =
                Ahead.of(
                        "maker",
                        () -> {
                            throw other;
                        },
                        closed::add)) {
            assertThatThrownBy(ahead::get).isSameAs(other);
        }
        assertThat(closed).isEmpty();
    }

    /** Its files may be about to go. */
    @Test
    void closingWaitsForWhatNobodyAskedFor() {
        Ahead<String> ahead =
                Ahead.of(
                        "maker",
                        () -> {
                            try {
                                Thread.sleep(100);
                            } catch (InterruptedException e) {
                                throw new InterruptedIOException();
                            }
                            return "late";
                        },
                        closed::add);
        ahead.close();
        assertThat(closed).containsExactly("late");
    }

    @Test
    void whoIsInterruptedWaitsNoLongerButClosesAllTheSame() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Ahead<String> ahead =
                Ahead.of(
                        "maker",
                        () -> {
                            try {
                                released.await();
                            } catch (InterruptedException e) {
                                throw new InterruptedIOException();
                            }
                            return "value";
                        },
                        closed::add);
        Thread.currentThread().interrupt();
        assertThatThrownBy(ahead::get).isInstanceOf(InterruptedIOException.class);
        released.countDown();
        ahead.close(); // the interrupt is still there
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("value");
    }
}
