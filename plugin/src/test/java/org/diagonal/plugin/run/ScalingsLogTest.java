package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scalings.csv}: alone, and as trainings leave it. */
class ScalingsLogTest {

    /** So many that not every step is kept. */
    private static final int STEPS = 203;

    @TempDir Path dir;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 network(Arm arm) {
        Gpt2 network =
                new Gpt2(
                        Gpt2Config.parse(TinyRun.CONFIG)
                                .withScalings(IdentityScalings.of(arm, true)));
        network.initialize(manager);
        return network;
    }

    private static void set(Gpt2 network, Circuit circuit, int layer, float... values) {
        Weights.overwrite(network.parameters().get(circuit.parameter(layer)).getArray(), values);
    }

    @Test
    void everyHeadHasARowAndACircuitWithoutScalingsAnEmptyField() throws IOException {
        Path file = dir.resolve("scalings.csv");
        Gpt2 network = network(Arm.OV);
        ScalingsLog log = ScalingsLog.open(file, -1, network);
        log.append(0);
        set(network, Circuit.OV, 1, 0.1f, -2e-9f);
        log.append(7);
        assertThat(file)
                .hasContent(
                        """
                        step,layer,head,a,b
                        0,0,0,,0.0
                        0,0,1,,0.0
                        0,1,0,,0.0
                        0,1,1,,0.0
                        7,0,0,,0.0
                        7,0,1,,0.0
                        7,1,0,,0.1
                        7,1,1,,-2.0E-9
                        """);
    }

    @Test
    void rowsBeyondACheckpointAndHalfARowAreCutOff() throws IOException {
        Path file = dir.resolve("scalings.csv");
        Gpt2 network = network(Arm.BOTH);
        ScalingsLog log = ScalingsLog.open(file, -1, network);
        log.append(0);
        log.append(3);
        String upToThree = Files.readString(file);
        log.append(4);
        Files.writeString(file, "5,0,1,0.2", StandardOpenOption.APPEND);
        ScalingsLog.open(file, 3, network);
        assertThat(Files.readString(file)).isEqualTo(upToThree);
        ScalingsLog.open(file, -1, network);
        assertThat(file).hasContent("step,layer,head,a,b\n");
    }

    @Test
    void aNetworkWithoutScalingsLeavesNoFile() throws IOException {
        Path file = dir.resolve("scalings.csv");
        ScalingsLog log = ScalingsLog.open(file, -1, network(Arm.NONE));
        log.append(0);
        log.sync();
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "head,size\n1,2\n",
                "step,layer,head,a,b\n0,0,0,1.0,\n",
                "step,layer,head,a,b\n0,0,1,1.0,\n0,0,0,1.0,\n0,1,0,1.0,\n0,1,1,1.0,\n",
                "step,layer,head,a,b\n0,0,0,1.0,\n1,0,1,1.0,\n0,1,0,1.0,\n0,1,1,1.0,\n",
                "step,layer,head,a,b\nx,0,0,1.0,\n",
            })
    void anotherFileOfThatNameIsRefused(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("scalings.csv"), text);
        assertThatThrownBy(() -> ScalingsLog.open(file, 3, network(Arm.QK)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not the scalings of this training");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    private void train(Path folder, int until) throws IOException {
        long[] done = {0};
        TrainingListener counter =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep step, long maxSteps) {
                        done[0] = step.step();
                    }
                };
        TinyRun.train(folder, TinyRun.settings(STEPS), counter, () -> done[0] == until);
    }

    private static List<Long> steps(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("scalings.csv")).stream()
                .skip(1)
                .map(row -> Long.valueOf(row.split(",", -1)[0]))
                .distinct()
                .collect(Collectors.toList());
    }

    /** Evaluations are at every third step, checkpoints at every fourth, points at every third. */
    @Test
    @Tag("slow")
    void anInterruptedTrainingKeepsTheScalingsOfOneThatWasNot() throws IOException {
        Path whole = Files.createDirectory(dir.resolve("whole"));
        train(whole, -1);
        assertThat(steps(whole))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(0, STEPS)
                                .filter(step -> step % 3 == 0 || step % 4 == 0 || step == STEPS)
                                .boxed()
                                .toList());
        Path cut = Files.createDirectory(dir.resolve("cut"));
        for (int until : new int[] {1, 5, 6, 50, 200, 202, -1}) {
            train(cut, until);
        }
        assertThat(TinyRun.bytes(cut)).isEqualTo(TinyRun.bytes(whole));
    }

    @Test
    @Tag("slow")
    void aRunOfAnOlderVersionGoesOnWithTheScalingsFromThere() throws IOException {
        Path whole = Files.createDirectory(dir.resolve("whole"));
        train(whole, -1);
        Path older = Files.createDirectory(dir.resolve("older"));
        train(older, 50);
        Files.delete(older.resolve("scalings.csv"));
        train(older, -1);
        assertThat(steps(older).get(0)).isEqualTo(51);
        Map<String, String> expected = new TreeMap<>(TinyRun.bytes(whole));
        Map<String, String> found = new TreeMap<>(TinyRun.bytes(older));
        String rows = found.remove("scalings.csv").replace("step,layer,head,a,b\n", "");
        assertThat(expected.remove("scalings.csv")).endsWith(rows);
        assertThat(found).isEqualTo(expected);
    }
}
