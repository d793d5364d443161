package org.diagonal.plugin.control;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** Parameters that a control adds to a network. */
final class Numbers {

    private Numbers() {}

    /** A parameter with values of its own. */
    static Parameter of(String name, NDArray values) {
        Parameter parameter =
                Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
        parameter.setArray(values);
        return parameter;
    }

    /** A parameter with the name and the values of another one. */
    static Parameter copy(Parameter other) {
        return of(other.getName(), other.getArray().duplicate());
    }
}
