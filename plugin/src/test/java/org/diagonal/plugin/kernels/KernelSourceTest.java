package org.diagonal.plugin.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Java says of the kernels is what their source says. */
class KernelSourceTest {

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void everyKernelHasTheParametersOfItsMethod(Kernel kernel) throws Exception {
        Matcher method =
                Pattern.compile("def " + kernel.method() + "\\(self, ([^)]*)\\)")
                        .matcher(Kernels.source());
        assertThat(method.find()).as(kernel.method()).isTrue();
        List<String> parameters =
                Stream.of(method.group(1).split(",\\s*"))
                        .map(
                                parameter ->
                                        parameter
                                                .replace(": List[Tensor]", "[]")
                                                .replace(": Tensor", ""))
                        .toList();
        assertThat(kernel.parameters()).isEqualTo(parameters);
        assertThat(method.find()).as("a second " + kernel.method()).isFalse();
    }

    @Test
    void argumentsThatAreNotAsManyAsTheKernelTakesAreRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray one = manager.create(1f);
            assertThatThrownBy(() -> Kernels.get().call(Kernel.NATS, false, one))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("nats takes output, targets: arrays=1, lists=0");
            assertThatThrownBy(() -> Kernels.get().call(Kernel.GRAD_NORM, false, one))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("grad_norm takes anchor, g[]: arrays=1, lists=0");
        }
    }

    @Test
    void theCallersArraysKeepTheirNamesAndStayOpen() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray anchor = manager.create(0f);
            NDArray array = manager.ones(new Shape(4));
            anchor.setName("transformer.anchor");
            array.setName("transformer.wte.weight");
            manager.cap();
            for (int i = 0; i < 3; i++) {
                try (NDManager step = manager.newSubManager();
                        NDArray norm =
                                Kernels.get()
                                        .call(
                                                Kernel.GRAD_NORM,
                                                false,
                                                Arguments.of(step.create(0f))
                                                        .list(new NDList(array, array)))) {
                    assertThat(norm.getManager()).isSameAs(step);
                    assertThat(norm.getFloat()).isEqualTo((float) Math.sqrt(8));
                }
            }
            assertThat(anchor.getName()).isEqualTo("transformer.anchor");
            assertThat(array.getName()).isEqualTo("transformer.wte.weight");
            assertThat(array.toFloatArray()).containsOnly(1f);
        }
    }
}
