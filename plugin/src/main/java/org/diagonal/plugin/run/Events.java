package org.diagonal.plugin.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * The curves of a run as TensorBoard opens them: the rows of {@code metrics.csv} once more.
 *
 * <p>The file is a function of those rows and of the time when the run was begun: a step's time is
 * that time plus what the steps up to it took, pauses and evaluations not counted. So it can be
 * made again at any time, and a run that goes on writes one file.
 */
public final class Events {

    private static final Map<String, String> TAGS = new LinkedHashMap<>();

    static {
        TAGS.put("loss", "train/loss");
        TAGS.put("lr", "train/lr");
        TAGS.put("grad_norm", "train/grad_norm");
        TAGS.put("tokens_per_second", "train/tokens_per_second");
        TAGS.put("valid_loss", "valid/loss");
        TAGS.put("valid_perplexity", "valid/perplexity");
    }

    private final Path file;
    private double time;
    private long tokens;

    private Events(Path file, Instant started) {
        this.file = file;
        this.time = started.getEpochSecond();
    }

    /**
     * The file's place, there or not.
     *
     * @param started when the run was begun
     */
    public static Path file(Path run, Instant started) {
        return run.resolve("events.out.tfevents.%d.diagonal".formatted(started.getEpochSecond()));
    }

    /**
     * Makes the file of a run from its metrics, as far as they go.
     *
     * @param run holds {@code metrics.csv}
     * @param started when the run was begun
     * @return to append to
     */
    public static Events make(Path run, Instant started) throws IOException {
        Events events = new Events(file(run, started), started);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(EventRecords.begin(events.time));
        for (Map<String, String> row : Metrics.rows(RunFolder.metrics(run))) {
            all.writeBytes(events.record(row));
        }
        AtomicFiles.write(events.file, part -> Files.write(part, all.toByteArray()));
        return events;
    }

    /** Appends a row of the metrics. */
    void append(Map<String, String> row) throws IOException {
        Metrics.append(file, record(row));
    }

    private byte[] record(Map<String, String> row) {
        long seen = Long.parseLong(row.get("tokens"));
        if (!row.get("tokens_per_second").isEmpty()) { // step 0 has none
            double speed = Double.parseDouble(row.get("tokens_per_second"));
            time += speed > 0 ? (seen - tokens) / speed : 0;
        }
        tokens = seen;
        Map<String, Double> values = new LinkedHashMap<>();
        TAGS.forEach(
                (column, tag) -> {
                    if (!row.get(column).isEmpty()) {
                        values.put(tag, Double.valueOf(row.get(column)));
                    }
                });
        return EventRecords.scalars(time, Long.parseLong(row.get("step")), values);
    }
}
