package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.diagonal.plugin.finetune.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's file holds what the metrics hold. */
class EventsTest {

    private static final int STEPS = 8;

    @TempDir Path dir;

    private Path file() {
        return Events.file(dir, TinyRun.STARTED);
    }

    private void train() throws IOException {
        TinyRun.train(dir, TinyRun.settings(STEPS), new TrainingListener() {}, () -> false);
    }

    @Test
    void aFileBeginsAsTensorFlowsDo() throws Exception {
        byte[] begin = EventRecords.begin(1.5);
        // Length 24 and its checksum, as at the beginning of every event file of TensorFlow's.
        assertThat(HexFormat.of().formatHex(begin)).startsWith("1800000000000000a37f4b2209");
        assertThat(EventReader.read(begin))
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.version()).isEqualTo("brain.Event:2");
                            assertThat(event.time()).isEqualTo(1.5);
                        });
    }

    @Property
    void whatIsWrittenIsRead(@ForAll double time, @ForAll long step, @ForAll float value)
            throws IOException {
        Map<String, Double> values = Map.of("train/loss", (double) value);
        EventReader.Event event = EventReader.read(EventRecords.scalars(time, step, values)).get(0);
        assertThat(event.time()).isEqualTo(time);
        assertThat(event.step()).isEqualTo(step);
        assertThat(event.scalars()).containsExactly(Map.entry("train/loss", value));
    }

    @Test
    void aBitThatFlipsIsSeen() {
        byte[] record = EventRecords.scalars(1, 2, Map.of("train/loss", 3.0));
        for (int i = 0; i < record.length; i++) {
            byte[] flipped = record.clone();
            flipped[i] ^= 4;
            assertThatThrownBy(() -> EventReader.read(flipped)).as("byte " + i).isNotNull();
        }
    }

    @Test
    void everyRowOfTheMetricsIsAnEvent() throws Exception {
        train();
        List<EventReader.Event> events = EventReader.read(file());
        List<Map<String, String>> rows = Metrics.rows(dir.resolve("metrics.csv"));
        assertThat(events).hasSize(1 + 1 + STEPS); // the file's head, and step 0
        assertThat(events.get(1).step()).isZero();
        assertThat(events.get(1).scalars()).containsOnlyKeys("valid/loss", "valid/perplexity");
        double time = TinyRun.STARTED.getEpochSecond();
        long tokens = 0;
        for (int i = 0; i < STEPS; i++) {
            EventReader.Event event = events.get(i + 2);
            Map<String, String> row = rows.get(i + 1);
            long seen = Long.parseLong(row.get("tokens"));
            time += (seen - tokens) / Double.parseDouble(row.get("tokens_per_second"));
            tokens = seen;
            assertThat(event.step()).isEqualTo(i + 1);
            assertThat(event.time()).isCloseTo(time, within(1e-6));
            boolean evaluated = !row.get("valid_loss").isEmpty();
            assertThat(evaluated).isEqualTo((i + 1) % 3 == 0 || i + 1 == STEPS);
            assertThat(event.scalars().keySet())
                    .containsExactlyElementsOf(
                            evaluated
                                    ? List.of(
                                            "train/grad_norm",
                                            "train/loss",
                                            "train/lr",
                                            "train/tokens_per_second",
                                            "valid/loss",
                                            "valid/perplexity")
                                    : List.of(
                                            "train/grad_norm",
                                            "train/loss",
                                            "train/lr",
                                            "train/tokens_per_second"));
            event.scalars()
                    .forEach(
                            (tag, value) ->
                                    assertThat(value)
                                            .isEqualTo(Float.parseFloat(row.get(column(tag)))));
        }
    }

    private static String column(String tag) {
        return tag.startsWith("train/") ? tag.substring(6) : tag.replace('/', '_');
    }

    @Test
    void theFileIsMadeOfTheMetricsToTheLastBit() throws Exception {
        train();
        byte[] written = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(written, written.length / 2));
        Events.make(dir, TinyRun.STARTED);
        assertThat(Files.readAllBytes(file())).isEqualTo(written);
    }
}
