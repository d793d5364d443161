package org.diagonal.plugin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;

class WeightsTest {

    @Test
    void overwrittenValuesAreThoseGivenInAnArrayThatStaysAndCollectsGradientsAsBefore() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray array = manager.create(new float[] {1, Float.NaN, 3, 4}, new Shape(2, 2));
            array.setRequiresGradient(true);
            NDArray values = manager.create(new float[] {5, 6, Float.NaN, -0f}, new Shape(2, 2));
            Weights.overwrite(array, values);
            assertThat(array.toFloatArray()).containsExactly(5, 6, Float.NaN, -0f);
            values.addi(1);
            assertThat(array.toFloatArray()).containsExactly(5, 6, Float.NaN, -0f);
            assertThat(array.hasGradient()).isTrue();

            Weights.overwrite(array, 1, 2, 3, 4);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(array.mul(array).sum());
            }
            assertThat(array.getGradient().toFloatArray()).containsExactly(2, 4, 6, 8);
        }
    }

    @Test
    void valuesOfAnotherShapeAreRefusedNotRepeated() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray array = manager.zeros(new Shape(2, 3));
            NDArray row = manager.ones(new Shape(3));
            assertThatThrownBy(() -> Weights.overwrite(array, row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("values=(3), array=(2, 3)");
            assertThat(array.toFloatArray()).containsOnly(0);
        }
    }
}
