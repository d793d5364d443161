package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.plugin.run.Events;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --tensorboard}: one file more in a run's folder, whenever it is asked for. */
final class TensorBoardTest {

    private static final String TRAINING =
            " --model W/model --data W/text.txt --max-steps 3 --batch-size 4 --quiet";

    @TempDir static Path work;

    @BeforeAll
    static void model() throws IOException {
        Tiny.model(work.resolve("model"), 16, 3);
        Tiny.text(work.resolve("text.txt"), 20, 1);
    }

    private static void run(String words) {
        Toy.Result result = Tiny.run((Object[]) words.replace("W/", work + "/").split(" "));
        assertThat(result.code()).as(result.err()).isZero();
    }

    private static List<Path> events(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().contains("tfevents")).toList();
        }
    }

    @Test
    void theFileIsThatOfTheMetricsWhetherAskedForBeforeOrAfter() throws Exception {
        Path out = work.resolve("run");
        run("fine-tune --out W/run --tensorboard" + TRAINING);
        assertThat(events(out)).hasSize(1);
        byte[] written = Files.readAllBytes(events(out).get(0));
        Files.delete(events(out).get(0));
        run("fine-tune --out W/run" + TRAINING);
        assertThat(events(out)).isEmpty();
        run("fine-tune --out W/run --tensorboard" + TRAINING);
        assertThat(Files.readAllBytes(events(out).get(0))).isEqualTo(written);
    }

    @Test
    void everyArmOfAComparisonHasItsOwn() throws Exception {
        Path config = Files.writeString(work.resolve("tb.yaml"), "tensorboard: true\nseeds: 1\n");
        run("compare --out W/compare --test-data W/text.txt --config " + config + TRAINING);
        assertThat(events(work.resolve("compare")))
                .extracting(file -> file.getParent().getFileName().toString())
                .containsExactlyInAnyOrder("none-seed42", "both-seed42");
    }

    @Test
    void aRunThatHasBegunItGoesOnWithIt() throws Exception {
        Path out = work.resolve("whole");
        run("fine-tune --out W/whole --tensorboard" + TRAINING);
        byte[] whole = Files.readAllBytes(events(out).get(0));
        Files.delete(out.resolve("result.json"));
        Files.write(events(out).get(0), new byte[3]);
        run("fine-tune --out W/whole" + TRAINING);
        String record = Files.readString(out.resolve("run.json"));
        Instant started =
                Instant.parse(new ObjectMapper().readTree(record).path("started").asText());
        assertThat(Files.readAllBytes(Events.file(out, started))).isEqualTo(whole);
    }
}
