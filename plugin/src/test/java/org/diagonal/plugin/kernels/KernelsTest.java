package org.diagonal.plugin.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KernelsTest {

    @Test
    void adamwMovesEveryParameterByItsLearningRateAtTheFirstStep() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray p = manager.ones(new Shape(3));
            NDArray g = manager.create(new float[] {1f, -2f, 3f});
            NDArray m = manager.zeros(new Shape(3));
            NDArray v = manager.zeros(new Shape(3));
            Kernels.get()
                    .update(
                            Kernel.ADAMW,
                            Arguments.of(
                                            manager.create(1f),
                                            manager.create(0.1),
                                            manager.create(0.9),
                                            manager.create(0.999),
                                            manager.create(1e-8),
                                            manager.create(0.0),
                                            manager.create(1f))
                                    .list(new NDList(p))
                                    .list(new NDList(g))
                                    .list(new NDList(m))
                                    .list(new NDList(v)));
            assertThat(p.toFloatArray()).containsExactly(new float[] {0.9f, 1.1f, 0.9f}, within());
        }
    }

    @Test
    void theGlobalNormOfAMillionGradientsIsExactToFiveDigits() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDList gradients =
                    new NDList(
                            manager.full(new Shape(3000, 1000), 0.1f),
                            manager.full(new Shape(7), 2f),
                            manager.create(3f));
            float norm = norm(manager, gradients);
            double exact = Math.sqrt(3e6 * 0.1f * 0.1f + 7 * 4.0 + 9.0);
            assertThat(norm / exact - 1).isBetween(-1e-5, 1e-5);
        }
    }

    @Test
    void aNotFiniteGradientMakesTheNormNotFinite() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDList gradients = new NDList(manager.create(new float[] {1f, Float.NaN}));
            assertThat(norm(manager, gradients)).isNaN();
        }
    }

    /** Whatever nobody closed warns when the collector finds it. */
    @Test
    void aModelThatDoesNotLoadIsClosed() {
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> Kernels.loaded(new ByteArrayInputStream(new byte[] {1})))
                    .isInstanceOf(EngineException.class);
            for (int i = 0; i < 3; i++) {
                System.gc();
                System.runFinalization();
            }
        } finally {
            System.setErr(before);
        }
        assertThat(warnings.toString(StandardCharsets.UTF_8)).doesNotContain("kernels");
    }

    private static float norm(NDManager manager, NDList gradients) {
        return Kernels.get()
                .call(Kernel.GRAD_NORM, false, Arguments.of(manager.create(0f)).list(gradients))
                .getFloat();
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }
}
