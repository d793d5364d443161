package org.diagonal.plugin.control;

import ai.djl.nn.Parameter;
import java.util.Map;

/** Weights of one layer that are made of others and of a few numbers. */
interface Mixture {

    /** What they are made of, under the names of what is made. */
    Map<String, Parameter> base();

    /** The numbers, by their names. */
    Map<String, Parameter> numbers();

    /** Makes the weights, in place. */
    void make();

    /**
     * Gives what moves among base and numbers the gradients that follow from those of what was
     * made, in place of the ones that they have.
     */
    void backward();
}
