package org.diagonal.eval.cli.console;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.diagonal.eval.source.Reporter;

/**
 * Shows on stderr how a task gets on: a bar on a terminal, now and then a line elsewhere.
 *
 * <p>The launcher says in the property {@code diagonal.columns} how wide the terminal is; 0 or
 * nothing means that stderr is none.
 */
public final class Progress {

    private static final int WIDTH = 80;
    private static final String CLEAR_REST = "\033[K";

    private Progress() {}

    /** Starts to show a task of a known number of steps. */
    static Reporter.Task start(String task, long total) {
        return start(task, total, System.err, Integer.getInteger("diagonal.columns", 0));
    }

    /** The same on any stream. */
    static Reporter.Task start(String task, long total, PrintStream err, int columns) {
        return columns > 0
                ? new Bar(task, total, err, Math.min(columns, WIDTH))
                : new Lines(task, total, err, System::nanoTime);
    }

    /** Shows nothing at all. */
    public static Reporter.Task silent() {
        return new Silent();
    }

    /** How long the rest takes, judging by the steps since the first report. */
    private static final class Pace {

        private final LongSupplier clock;
        private long firstDone = -1;
        private long firstNanos;

        Pace(LongSupplier clock) {
            this.clock = clock;
        }

        synchronized Optional<Duration> left(long done, long total) {
            if (firstDone < 0) {
                firstDone = done;
                firstNanos = clock.getAsLong();
            }
            if (done <= firstDone) {
                return Optional.empty();
            }
            double each = (double) (clock.getAsLong() - firstNanos) / (done - firstDone);
            return Optional.of(Duration.ofNanos((long) (each * Math.max(0, total - done))));
        }
    }

    private static final class Silent implements Reporter.Task {
        @Override
        public void step(long done, String message) {}

        @Override
        public void note(String line) {}

        @Override
        public void close() {}
    }

    /** A line after the first seconds, then one every 5 % or minute, and one at the end. */
    static final class Lines implements Reporter.Task {

        private static final long FIRST = Duration.ofSeconds(3).toNanos();
        private static final long LEAST = Duration.ofSeconds(10).toNanos();
        private static final long MOST = Duration.ofSeconds(60).toNanos();

        private final String task;
        private final long total;
        private final PrintStream err;
        private final LongSupplier clock;
        private final Pace pace;
        private final long startNanos;
        private long printedNanos;
        private long printedDone;
        private boolean printed;
        private long done;
        private String message = "";

        Lines(String task, long total, PrintStream err, LongSupplier clock) {
            this.task = task;
            this.total = total;
            this.err = err;
            this.clock = clock;
            this.pace = new Pace(clock);
            this.startNanos = clock.getAsLong();
            this.printedNanos = startNanos;
        }

        @Override
        public synchronized void step(long done, String message) {
            this.done = done;
            this.message = message;
            Optional<Duration> left = pace.left(done, total);
            if (isDue()) {
                String time = left.map(rest -> ", " + clockTime(rest) + " left").orElse("");
                line(time);
            }
        }

        private boolean isDue() {
            long passed = clock.getAsLong() - printedNanos;
            if (!printed) {
                return passed >= FIRST;
            }
            boolean far = (done - printedDone) * 20 >= total;
            return passed >= MOST || (far && passed >= LEAST);
        }

        private void line(String time) {
            long percent = total == 0 ? 100 : done * 100 / total;
            String words = message.isEmpty() ? "" : ", " + message;
            err.printf(
                    Locale.ROOT,
                    "%s: %d of %d (%d %%)%s%s%n",
                    task,
                    done,
                    total,
                    percent,
                    time,
                    words);
            printed = true;
            printedNanos = clock.getAsLong();
            printedDone = done;
        }

        @Override
        public synchronized void note(String line) {
            err.println(line);
        }

        @Override
        public synchronized void close() {
            if (done > 0) {
                Duration taken = Duration.ofNanos(clock.getAsLong() - startNanos);
                line(" in " + clockTime(taken));
            }
        }

        private static String clockTime(Duration time) {
            return String.format(
                    Locale.ROOT,
                    "%d:%02d:%02d",
                    time.toHours(),
                    time.toMinutesPart(),
                    time.toSecondsPart());
        }
    }

    /** Shows a line that stays, above the bar if there is one. */
    static void say(String line, PrintWriter err) {
        Bar shown = Bar.SHOWN.get();
        if (shown != null) {
            shown.note(line);
        } else {
            err.println(line);
            err.flush();
        }
    }

    /**
     * Words that stand in a terminal's last line until this is closed, so that something is to be
     * seen at once.
     */
    static Runnable meanwhile(String words, PrintStream err, int columns) {
        if (columns == 0) {
            return () -> {};
        }
        err.print("\r" + words + CLEAR_REST);
        err.flush();
        return () -> {
            err.print("\r" + CLEAR_REST);
            err.flush();
        };
    }

    /** A bar that is drawn again and again in the terminal's last line. */
    private static final class Bar implements Reporter.Task {

        private static final AtomicReference<Bar> SHOWN = new AtomicReference<>();

        private final Pace pace = new Pace(System::nanoTime);
        private final LastLine line;
        private final ProgressBar bar;
        private final Thread end;

        Bar(String task, long total, PrintStream err, int columns) {
            line = new LastLine(err, columns);
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(task)
                            .setInitialMax(total)
                            .setStyle(
                                    Colors.areOn()
                                            ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
                                            : ProgressBarStyle.UNICODE_BLOCK)
                            .setUpdateIntervalMillis(250)
                            .setEtaFunction(now -> pace.left(now.getCurrent(), now.getMax()))
                            .setConsumer(line)
                            .build();
            end = new Thread(line::clear, "progress-end"); // a signal must leave no bar behind
            SHOWN.set(this);
            try {
                Runtime.getRuntime().addShutdownHook(end);
            } catch (IllegalStateException e) {
                line.clear(); // the signal came before
            }
        }

        @Override
        public void step(long done, String message) {
            pace.left(done, bar.getMax());
            bar.setExtraMessage(message);
            bar.stepTo(done);
        }

        @Override
        public void note(String words) {
            line.above(words);
            bar.refresh();
        }

        @Override
        public void close() {
            SHOWN.compareAndSet(this, null);
            if (bar.getCurrent() < bar.getMax()) {
                line.clear(); // a bar that stands still says nothing any more
            }
            bar.close();
            line.close(); // the library does not, if its last drawing failed
            try {
                Runtime.getRuntime().removeShutdownHook(end);
            } catch (IllegalStateException e) {
                return; // the process ends, and the hook has cleared the line
            }
        }
    }

    /** The line of the terminal that the cursor is in. */
    private static final class LastLine implements ProgressBarConsumer {

        private final PrintStream err;
        private final int columns;
        private boolean ended;

        LastLine(PrintStream err, int columns) {
            this.err = err;
            this.columns = columns;
        }

        /** Removes the bar, and draws no other. */
        @Override
        public void clear() {
            synchronized (err) {
                if (!ended) {
                    err.print("\r" + CLEAR_REST);
                    err.flush();
                }
                ended = true;
            }
        }

        void above(String words) {
            synchronized (err) {
                err.println("\r" + words + CLEAR_REST);
            }
        }

        @Override
        public int getMaxRenderedLength() {
            return columns - 1; // a full last line would wrap on some terminals
        }

        @Override
        public void accept(String drawn) {
            synchronized (err) {
                if (!ended) {
                    err.print("\r" + drawn + CLEAR_REST);
                    err.flush();
                }
            }
        }

        @Override
        public void close() {
            synchronized (err) {
                if (!ended) {
                    err.println();
                }
                ended = true;
            }
        }
    }
}
