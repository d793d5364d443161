package org.diagonal.plugin.kernels;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fused operators, one method each of {@code kernels.torchscript}, {@code small.torchscript}
 * and {@code decode.torchscript}.
 *
 * <p>DJL's NDArray lacks scaled dot-product attention, tanh GELU, cross-entropy and fused AdamW;
 * the engine has them all, and runs TorchScript through the same door as any model. A result
 * belongs to the manager of the first argument. Gradients flow through a call made with {@code
 * gradients = true}; without, nothing is recorded and arguments may be changed in place.
 */
public final class Kernels {

    private static final String ENGINE = "PyTorch";

    private final Model model;
    private final ParameterStore none;
    private final Map<String, NDArray> methods = new ConcurrentHashMap<>();

    private Kernels() {
        model = Model.newInstance("kernels", Device.cpu(), ENGINE);
        try {
            // The other files go on with the class that the first begins.
            String text =
                    resource("kernels.torchscript")
                            + resource("small.torchscript")
                            + resource("decode.torchscript");
            model.load(
                    new ByteArrayInputStream(TorchScriptArchive.of("Kernels", text)),
                    Map.of("trainParam", "true"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the kernels do not load", e);
        }
        none = new ParameterStore(model.getNDManager(), false);
    }

    private static String resource(String name) throws IOException {
        try (InputStream code = Kernels.class.getResourceAsStream(name)) {
            return new String(code.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The kernels of this process; they live as long as the engine does. */
    public static Kernels get() {
        return Holder.KERNELS;
    }

    /**
     * Calls a kernel.
     *
     * @param method the kernel's name
     * @param gradients whether gradients flow through the call
     * @param arguments arrays in the kernel's order; the first owns the result
     */
    public NDArray call(String method, boolean gradients, NDArray... arguments) {
        NDList inputs = new NDList(arguments.length + 1);
        for (NDArray argument : arguments) {
            argument.setName(null); // a name with a dot would make it part of a dictionary
            inputs.add(argument);
        }
        return run(method, gradients, inputs);
    }

    /**
     * Calls a kernel whose last arguments are lists of arrays.
     *
     * @param method the kernel's name
     * @param gradients whether gradients flow through the call
     * @param lists the lists in the kernel's order
     * @param arguments the arrays before the lists; the first owns the result
     */
    public NDArray call(
            String method, boolean gradients, List<NDList> lists, NDArray... arguments) {
        NDList inputs = new NDList();
        for (NDArray argument : arguments) {
            argument.setName(null);
            inputs.add(argument);
        }
        for (int i = 0; i < lists.size(); i++) {
            for (NDArray array : lists.get(i)) {
                array.setName("list" + i + "[]"); // DJL's sign for one List[Tensor]
                inputs.add(array);
            }
        }
        return run(method, gradients, inputs);
    }

    /** Calls a kernel with lists of arrays that it may change in place, without gradients. */
    public NDArray update(String method, List<NDList> lists, NDArray... arguments) {
        return call(method, false, lists, arguments);
    }

    private NDArray run(String method, boolean gradients, NDList inputs) {
        inputs.add(methods.computeIfAbsent(method, this::methodName));
        return model.getBlock().forward(none, inputs, gradients).singletonOrThrow();
    }

    private NDArray methodName(String method) {
        NDManager manager = model.getNDManager();
        NDArray name = manager.create(0f);
        name.setName("module_method:" + method);
        return name;
    }

    private static final class Holder {
        static final Kernels KERNELS = new Kernels();
    }
}
