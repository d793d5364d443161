package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.diagonal.eval.source.Reporter;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong clock = new AtomicLong();

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void seconds(long passed) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(passed));
    }

    @Test
    void aShortTaskEndsWithOneLine() {
        try (Reporter.Task progress = new Progress.Lines("train", 10, err, clock::get)) {
            for (int i = 1; i <= 10; i++) {
                progress.step(i, "loss " + i);
            }
            seconds(2);
        }
        assertThat(lines()).containsExactly("train: 10 of 10 (100 %) in 0:00:02, loss 10");
    }

    @Test
    void aLongTaskHasALineForEveryTwentiethOfItAndSaysHowLongTheRestTakes() {
        try (Reporter.Task progress = new Progress.Lines("train", 1000, err, clock::get)) {
            for (int i = 1; i <= 1000; i++) {
                seconds(1);
                progress.step(i, "");
            }
        }
        assertThat(lines()).hasSizeBetween(20, 23);
        assertThat(lines().get(0)).isEqualTo("train: 3 of 1000 (0 %), 0:16:37 left");
        assertThat(lines().get(1)).isEqualTo("train: 53 of 1000 (5 %), 0:15:47 left");
    }

    @Test
    void aVerySlowTaskHasALineEveryMinute() {
        Reporter.Task progress = new Progress.Lines("train", 1000, err, clock::get);
        for (int i = 1; i <= 10; i++) {
            seconds(30);
            progress.step(i, "");
        }
        assertThat(lines()).hasSize(5);
    }

    @Test
    void aFastTaskHasNoMoreThanALineEveryTenSeconds() {
        Reporter.Task progress = new Progress.Lines("train", 20, err, clock::get);
        for (int i = 1; i <= 20; i++) {
            seconds(1);
            progress.step(i, "");
        }
        assertThat(lines()).hasSize(2);
    }

    @Test
    void aResumedTaskIsTimedByItsOwnSteps() {
        Reporter.Task progress = new Progress.Lines("train", 100, err, clock::get);
        progress.step(90, "");
        seconds(10);
        progress.step(95, "");
        assertThat(lines()).containsExactly("train: 95 of 100 (95 %), 0:00:10 left");
    }

    @Test
    void aTaskThatDidNothingSaysNothing() {
        new Progress.Lines("train", 10, err, clock::get).close();
        assertThat(lines()).isEmpty();
    }

    @Test
    void aBarStaysWithinTheTerminalAndKeepsNotes() {
        try (Reporter.Task progress = Progress.start("train", 100, err, 120)) {
            progress.step(42, "loss 3.21, 1234 tokens/s, and much more than fits in the line here");
            progress.note("saved");
            progress.step(100, "done");
        }
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertThat(shown).contains("42%", "\rsaved\033[K" + System.lineSeparator(), "100%");
        assertThat(shown.replace("\033[K", "").split("[\r\n]", -1))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
        assertThat(shown).endsWith(System.lineSeparator());
    }
}
