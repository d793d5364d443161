package org.diagonal.plugin.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProductsTest {

    private final Products before = Products.ofProcess();

    @AfterEach
    void back() {
        Products.use(before);
    }

    @ParameterizedTest
    @EnumSource(Products.class)
    void productsAreExactToFloat32Rounding(Products products) {
        Products.use(products);
        assertThat(Products.ofProcess()).isEqualTo(products);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (long[] size : new long[][] {{64, 96, 48}, {1, 200, 300}, {129, 65, 33}}) {
                NDArray left = manager.randomNormal(new Shape(size[0], size[1]));
                NDArray right = manager.randomNormal(new Shape(size[1], size[2]));
                float[] x = left.toFloatArray();
                float[] y = right.toFloatArray();
                float[] product = left.matMul(right).toFloatArray();
                for (int i = 0; i < size[0]; i++) {
                    for (int j = 0; j < size[2]; j++) {
                        double sum = 0;
                        double magnitude = 0;
                        for (int k = 0; k < size[1]; k++) {
                            double term =
                                    (double) x[(int) (i * size[1]) + k]
                                            * y[(int) (k * size[2]) + j];
                            sum += term;
                            magnitude += Math.abs(term);
                        }
                        double error = Math.abs(product[(int) (i * size[2]) + j] - sum);
                        // bfloat16 would be off by 2^-9 of the terms, TF32 by 2^-12
                        assertThat(error).isLessThan(1e-6 * magnitude);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AuthenticAMD, avx2 avx512f avx512_bf16, true, true",
        "AuthenticAMD, avx2, false, false",
        "GenuineIntel, avx2 avx512f avx512_bf16 amx_bf16, false, true",
        "GenuineIntel, avx2 avx512f, false, false"
    })
    void whatTheProcessorIsDecides(
            String vendor, String flags, boolean heldBack, boolean bfloat16) {
        Processor processor =
                Processor.parse(
                        List.of(
                                "processor\t: 0",
                                "vendor_id\t: " + vendor,
                                "flags\t\t: fpu " + flags + " avx2",
                                "",
                                "vendor_id\t: another"));
        assertThat(processor.isHeldBackByMkl()).isEqualTo(heldBack);
        assertThat(processor.hasBfloat16()).isEqualTo(bfloat16);
    }

    @Test
    void aMachineThatSaysNothingIsLeftAsItIs() {
        Processor silent = Processor.parse(List.of("BogoMIPS : 48"));
        assertThat(silent.isHeldBackByMkl()).isFalse();
        assertThat(silent.hasBfloat16()).isFalse();
    }

    @Test
    void otherLibrariesAreRefusedByName() {
        assertThatThrownBy(() -> Products.of("blas"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("products are made by mkl or onednn: 'blas'");
    }
}
