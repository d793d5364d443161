package org.diagonal.plugin.kernels;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The library that multiplies float32 matrices on the CPU. Both are exact to rounding, with other
 * last bits.
 *
 * <p>LibTorch carries both and takes MKL, which uses AVX-512 on Intel's processors alone; oneDNN
 * uses it everywhere and is twice as fast where MKL does not. LibTorch takes oneDNN where its
 * setting {@code float32_matmul_precision} is {@code medium}, which would also allow bfloat16 on
 * processors with AMX; so it is set where there is no AMX, and a product shows that it is exact.
 */
public enum Products {
    /** Intel's Math Kernel Library, LibTorch's choice. */
    MKL(0),
    /** oneDNN. */
    ONEDNN(2);

    /**
     * System property that overrides the choice: {@code mkl} or {@code onednn}. Meant for tests and
     * measurements.
     */
    public static final String PROPERTY = "diagonal.products";

    /** LibTorch's Float32MatmulPrecision: HIGHEST, or MEDIUM. */
    private final int setting;

    Products(int setting) {
        this.setting = setting;
    }

    /** The name in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The library of a name.
     *
     * @throws IllegalArgumentException for another name
     */
    public static Products of(String name) {
        return Arrays.stream(values())
                .filter(products -> products.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "products are made by mkl or onednn: '" + name + "'"));
    }

    /** What this process uses, decided once by what the processor is. */
    public static Products ofProcess() {
        return Holder.current;
    }

    /** Whether this machine multiplies bfloat16 faster than float32. */
    public static boolean hasFastBfloat16() {
        return Processor.ofMachine().hasBfloat16();
    }

    /** Whether this process could use it. */
    public boolean isPossible() {
        Products before = ofProcess();
        boolean possible = set(this);
        set(before);
        return possible;
    }

    /**
     * Makes this process use a library from now on, as an interrupted training did.
     *
     * @throws IllegalStateException if it cannot be used or is not exact here
     */
    public static void use(Products products) {
        if (products == ofProcess()) {
            return;
        }
        if (!set(products)) {
            throw new IllegalStateException(
                    "float32 products cannot be made by %s on this machine".formatted(products));
        }
        Holder.current = products;
    }

    private static Products decide() {
        Optional<Products> wanted =
                Optional.ofNullable(System.getProperty(PROPERTY)).map(Products::of);
        if (wanted.isPresent()) {
            if (!set(wanted.get())) {
                throw new IllegalStateException(
                        "-D%s=%s is not possible on this machine"
                                .formatted(PROPERTY, wanted.get()));
            }
            return wanted.get();
        }
        boolean gains = Processor.ofMachine().isHeldBackByMkl();
        return gains && set(ONEDNN) ? ONEDNN : MKL;
    }

    /** Whether LibTorch took the setting and is exact with it; otherwise it is as before. */
    private static boolean set(Products products) {
        if (products == ONEDNN && !canBeExact()) {
            return false;
        }
        Optional<NativeLibrary> torch = torch();
        if (torch.isEmpty()) {
            return products == MKL;
        }
        setting(torch.get(), products.setting);
        if (isExact()) {
            return true;
        }
        setting(torch.get(), MKL.setting);
        return false;
    }

    /** On a GPU the setting would mean TF32, with AMX bfloat16. */
    private static boolean canBeExact() {
        return Engine.getEngine("PyTorch").getGpuCount() == 0
                && !Processor.ofMachine().flags().contains("amx_bf16");
    }

    /**
     * Whether a factor with more bits than bfloat16 or TF32 has goes through a product unharmed.
     */
    private static boolean isExact() {
        float factor = 1 + 0x1p-20f;
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray left = manager.full(new Shape(64, 64), factor);
            NDArray right = manager.eye(64);
            for (float value : left.matMul(right).toFloatArray()) {
                if (value != factor) {
                    return false;
                }
            }
            return true;
        }
    }

    private static void setting(NativeLibrary torch, int precision) {
        Pointer context = torch.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);
        torch.getFunction("_ZN2at7Context25setFloat32MatmulPrecisionENS_22Float32MatmulPrecisionE")
                .invokeVoid(new Object[] {context, precision});
    }

    /** The engine's library where it has the setting. */
    private static Optional<NativeLibrary> torch() {
        Engine.getEngine("PyTorch");
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            Optional<String> path =
                    maps.filter(line -> line.endsWith("/libtorch_cpu.so"))
                            .map(line -> line.substring(line.indexOf('/')))
                            .findFirst();
            return path.map(NativeLibrary::getInstance);
        } catch (IOException | LinkageError e) {
            return Optional.empty(); // not Linux, another LibTorch, or no place for JNA's library
        }
    }

    private static final class Holder {
        static volatile Products current = decide();
    }
}
