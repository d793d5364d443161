package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;

/**
 * A network's matrices as operands of products: in float32 the parameters themselves, in bfloat16
 * copies, made once for many passes.
 */
final class Operands {

    private final Map<String, Parameter> parameters;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private Precision precision = Precision.F32;

    /**
     * Operands in float32.
     *
     * @param parameters whose values are taken, by name
     */
    Operands(Map<String, Parameter> parameters) {
        this.parameters = parameters;
    }

    Precision precision() {
        return precision;
    }

    /** Takes the values as they are now. */
    void take(Precision wanted, List<String> names) {
        precision = wanted;
        if (wanted == Precision.F32) {
            copies.values().forEach(NDArray::close);
            copies.clear();
            return;
        }
        NDList sources = new NDList();
        names.forEach(name -> sources.add(parameters.get(name).getArray()));
        if (!copies.isEmpty()) {
            NDList targets = new NDList(new ArrayList<>(copies.values()));
            try (NDArray anchor = owner(names).create(0f)) {
                Kernels.get().update(Kernel.COPY, Arguments.of(anchor).list(targets).list(sources));
            }
            return;
        }
        try (NDArray anchor = owner(names).create(0f)) {
            NDList made =
                    Kernels.get()
                            .callForAll(Kernel.TO_BFLOAT16, Arguments.of(anchor).list(sources));
            for (int i = 0; i < names.size(); i++) {
                copies.put(names.get(i), made.get(i));
            }
        }
    }

    private NDManager owner(List<String> names) {
        return parameters.get(names.get(0)).getArray().getManager();
    }

    /** A matrix, or nothing where it is not copied. */
    NDArray of(String name) {
        NDArray copy = copies.get(name);
        return copy == null ? parameters.get(name).getArray() : copy;
    }
}
