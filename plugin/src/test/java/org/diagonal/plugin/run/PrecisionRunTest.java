package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings in every precision, with every library. */
@Tag("slow")
class PrecisionRunTest {

    private static final int STEPS = 11;

    private final Products before = Products.ofProcess();
    private final int threads = JniUtils.getNumThreads();

    @TempDir Path whole;
    @TempDir Path killed;

    @AfterEach
    void back() {
        Products.use(before);
        JniUtils.setNumThreads(threads);
    }

    @ParameterizedTest
    @CsvSource({"BF16, MKL, 1", "BF16, ONEDNN, 2", "F32, MKL, 2", "F32, ONEDNN, 1"})
    void aKilledRunEndsWithTheSameBytes(Precision precision, Products products, int threads)
            throws IOException {
        Products.use(products);
        JniUtils.setNumThreads(threads);
        TrainingSettings settings = TinyRun.settings(STEPS, precision);
        TinyRun.train(whole, settings, new TrainingListener() {}, () -> false);
        TrainingListener killer =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep step, long maxSteps) {
                        if (step.step() == 7) {
                            throw new IllegalStateException("kill");
                        }
                    }
                };
        assertThatThrownBy(() -> TinyRun.train(killed, settings, killer, () -> false))
                .hasMessage("kill");
        TinyRun.train(killed, settings, new TrainingListener() {}, () -> false);
        assertThat(TinyRun.bytes(killed)).isEqualTo(TinyRun.bytes(whole));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void oneThreadAndTwoTakeTheSameSteps(Precision precision) {
        double[] losses = new double[2];
        for (int threads = 1; threads <= 2; threads++) {
            JniUtils.setNumThreads(threads);
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                losses[threads - 1] = lossAfter(STEPS, manager, precision);
            }
        }
        assertThat(losses[1]).isCloseTo(losses[0], within(1e-3 * losses[0]));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void nativeMemoryStaysFlatOverThreeHundredSteps(Precision precision) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = TinyRun.network(manager);
            try (Stepper stepper =
                    new Stepper(network, TinyRun.TRAIN, TinyRun.settings(300, precision))) {
                long resident = 0;
                for (int step = 0; step < 300; step++) {
                    stepper.step(step);
                    if (step == 100) {
                        resident = outsideOfJava();
                    }
                }
                // a step's arrays take about 300 KB: a leak of a quarter of them would show
                assertThat(outsideOfJava() - resident).isLessThan(16_000_000);
            }
        }
    }

    private static double lossAfter(int steps, NDManager manager, Precision precision) {
        Gpt2 network = TinyRun.network(manager);
        double loss = 0;
        try (Stepper stepper =
                new Stepper(network, TinyRun.TRAIN, TinyRun.settings(steps, precision))) {
            for (int step = 0; step < steps; step++) {
                loss = stepper.step(step).loss();
            }
        }
        return loss;
    }

    /** Bytes of this process in memory, without what Java has taken for itself. */
    private static long outsideOfJava() throws IOException {
        MemoryMXBean java = ManagementFactory.getMemoryMXBean();
        long taken =
                java.getHeapMemoryUsage().getCommitted()
                        + java.getNonHeapMemoryUsage().getCommitted();
        return resident() - taken;
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
