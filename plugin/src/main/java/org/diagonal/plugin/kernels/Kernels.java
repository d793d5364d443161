package org.diagonal.plugin.kernels;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs the fused operators that {@link Kernel} names.
 *
 * <p>DJL's NDArray lacks scaled dot-product attention, tanh GELU, cross-entropy and fused AdamW;
 * the engine has them all, and runs TorchScript through the same door as any model. A result
 * belongs to the manager of the first argument. Gradients flow through a call made with {@code
 * gradients = true}; without, nothing is recorded and arguments may be changed in place. The
 * caller's arrays keep their names.
 */
public final class Kernels {

    private static final String ENGINE = "PyTorch";

    /** One class in several files: the first begins it. */
    static final List<String> SOURCES =
            List.of(
                    "kernels.py",
                    "gpt2.py",
                    "gpt2_backward.py",
                    "small.py",
                    "control.py",
                    "decode.py");

    private static final ReadWriteLock RUNNING = new ReentrantReadWriteLock();

    private final Model model;
    private final ParameterStore none;
    private final PtNDManager handles;

    private Kernels() {
        Products.ofProcess();
        try {
            byte[] archive = TorchScriptArchive.of("Kernels", source());
            model = loaded(new ByteArrayInputStream(archive));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        NDManager manager = model.getNDManager();
        none = new ParameterStore(manager, false);
        handles = (PtNDManager) manager.newSubManager();
    }

    /**
     * The model in an archive. One that does not load is closed here: left to the collector, it
     * would warn of itself beside the message of what failed.
     */
    static Model loaded(InputStream archive) throws IOException {
        Model model = Model.newInstance("kernels", Device.cpu(), ENGINE);
        boolean whole = false;
        try {
            model.load(archive, Map.of("trainParam", "true"));
            whole = true;
            return model;
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the kernels do not load", e);
        } finally {
            if (!whole) {
                model.close();
            }
        }
    }

    /** The text of the class. */
    static String source() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : SOURCES) {
            try (InputStream code = Kernels.class.getResourceAsStream(name)) {
                text.append(new String(code.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    /** The kernels of this process; they live as long as the engine does. */
    public static Kernels get() {
        return Holder.KERNELS;
    }

    /** Calls a kernel that takes arrays alone and returns one. */
    public NDArray call(Kernel kernel, boolean gradients, NDArray... arguments) {
        return call(kernel, gradients, Arguments.of(arguments));
    }

    /**
     * Calls a kernel that returns one array.
     *
     * @param gradients whether gradients flow through the call
     * @throws IllegalArgumentException if the arguments are not as many as the kernel takes
     */
    public NDArray call(Kernel kernel, boolean gradients, Arguments arguments) {
        return run(kernel, gradients, arguments).singletonOrThrow();
    }

    /** Calls a kernel that returns several arrays, without gradients. */
    public NDList callForAll(Kernel kernel, Arguments arguments) {
        return run(kernel, false, arguments);
    }

    /** Calls a kernel without gradients, for what it changes in place. */
    public void update(Kernel kernel, Arguments arguments) {
        run(kernel, false, arguments).close();
    }

    /**
     * Waits for the kernels that run, and lets none begin any more: a process that ends under a
     * running kernel crashes. For the end of a process; it loads nothing.
     */
    public static void rest() {
        RUNNING.writeLock().lock();
    }

    private NDList run(Kernel kernel, boolean gradients, Arguments arguments) {
        kernel.require(arguments.arrays().size(), arguments.lists().size());
        RUNNING.readLock().lock();
        try {
            return forward(kernel, gradients, arguments);
        } finally {
            RUNNING.readLock().unlock();
        }
    }

    private NDList forward(Kernel kernel, boolean gradients, Arguments arguments) {
        NDList inputs = new NDList();
        for (NDArray array : arguments.arrays()) {
            inputs.add(handle(array, null));
        }
        for (int i = 0; i < arguments.lists().size(); i++) {
            for (NDArray array : arguments.lists().get(i)) {
                inputs.add(handle(array, "list" + i + "[]")); // DJL's sign for one List[Tensor]
            }
        }
        try (NDArray method = model.getNDManager().create(0f)) {
            method.setName("module_method:" + kernel.method());
            inputs.add(method);
            NDList results = model.getBlock().forward(none, inputs, gradients);
            results.attach(arguments.arrays().get(0).getManager());
            return results;
        }
    }

    /**
     * The same array under another name, by which DJL tells lists. It is never closed: the native
     * array is the caller's.
     */
    private NDArray handle(NDArray array, String name) {
        PtNDArray same = new PtNDArray(handles, ((PtNDArray) array).getHandle());
        same.detach();
        same.setName(name);
        return same;
    }

    private static final class Holder {
        static final Kernels KERNELS = new Kernels();
    }
}
