package org.diagonal.plugin.onnx.graph;

import org.diagonal.plugin.gpt2.Activation;

/**
 * What stands between the two products of an MLP.
 *
 * @param g where it is added
 * @param opset the version of ONNX's operators
 */
record Activations(OnnxGraph g, int opset) {

    /** Since when there is an operator for GELU. */
    private static final int GELU = 20;

    String of(Activation activation, String x) {
        boolean whole = opset >= GELU;
        return switch (activation) {
            case GELU_NEW, GELU_PYTORCH_TANH ->
                    whole ? g.op("Gelu").with("approximate", "tanh").of(x) : tanhGelu(x);
            case GELU -> whole ? g.op("Gelu").of(x) : erfGelu(x);
            case RELU -> g.op("Relu").of(x);
        };
    }

    /** In the order in which runtimes know it and put one kernel in its place. */
    private String tanhGelu(String x) {
        String cube = g.op("Mul").of(g.op("Pow").of(x, g.number(3)), g.number(0.044715f));
        String sum = g.op("Add").of(x, cube);
        String tanh =
                g.op("Tanh").of(g.op("Mul").of(sum, g.number((float) Math.sqrt(2 / Math.PI))));
        String half = g.op("Mul").of(x, g.number(0.5f));
        return g.op("Mul").of(half, g.op("Add").of(tanh, g.number(1)));
    }

    private String erfGelu(String x) {
        String erf = g.op("Erf").of(g.op("Div").of(x, g.number((float) Math.sqrt(2))));
        String product = g.op("Mul").of(x, g.op("Add").of(erf, g.number(1)));
        return g.op("Mul").of(product, g.number(0.5f));
    }
}
