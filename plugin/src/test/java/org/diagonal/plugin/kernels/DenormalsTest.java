package org.diagonal.plugin.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.jna.Platform;
import org.junit.jupiter.api.Test;

class DenormalsTest {

    private static float halved(NDManager manager) {
        try (NDArray least = manager.create(new float[] {Float.MIN_NORMAL});
                NDArray half = least.mul(0.5f)) {
            return half.toFloatArray()[0];
        }
    }

    @Test
    void denormalNumbersAreZeroUntilItIsClosed() {
        boolean supported = Platform.isLinux() && Platform.isIntel() && Platform.is64Bit();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float usual = halved(manager);
            try (Denormals off = Denormals.flushed()) {
                assertThat(off).isNotNull();
                assertThat(halved(manager) == 0).isEqualTo(supported);
            }
            assertThat(halved(manager)).isEqualTo(usual).isPositive();
        }
    }
}
