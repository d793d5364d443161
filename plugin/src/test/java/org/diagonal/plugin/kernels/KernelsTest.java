package org.diagonal.plugin.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
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
                            "adamw_",
                            List.of(new NDList(p), new NDList(g), new NDList(m), new NDList(v)),
                            manager.create(1f),
                            manager.create(0.1),
                            manager.create(0.9),
                            manager.create(0.999),
                            manager.create(1e-8),
                            manager.create(0.0),
                            manager.create(1f));
            assertThat(p.toFloatArray()).containsExactly(new float[] {0.9f, 1.1f, 0.9f}, within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }
}
