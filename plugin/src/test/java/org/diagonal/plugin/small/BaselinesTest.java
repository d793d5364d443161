package org.diagonal.plugin.small;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks that are no transformers, against the same in loops over numbers. */
class BaselinesTest {

    private static final int V = 5;
    private static final int D = 4;
    private static final long[][] IDS = {{1, 0, 1}, {4, 3, 2}};

    private NDManager manager;
    private SmallNetwork network;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 0.25})
    void anMlpMultipliesOneHotsAndTheIncidenceMatrix(double xxt) {
        check(new Mlp(3, V, 1, D, 3, xxt), ids -> mlp(ids, xxt));
    }

    private double mlp(long[] ids, double xxt) {
        int length = ids.length;
        double[] x = new double[length * V + (xxt == 0 ? 0 : length * length)];
        for (int i = 0; i < length; i++) {
            x[i * V + (int) ids[i]] = 1;
            for (int j = 0; xxt != 0 && j < length; j++) {
                x[length * V + i * length + j] = ids[i] == ids[j] ? xxt : 0;
            }
        }
        return linear("output", relu(linear("linears.1", relu(linear("linears.0", x)))))[0];
    }

    @Test
    void anRnnReadsTheStringFromAStateOfZeros() {
        check(
                new Rnn(3, V, 1, D),
                ids -> {
                    double[] h = new double[D];
                    for (long id : ids) {
                        h = relu(linear("i2h", concatenated(embedding(id), h)));
                    }
                    return linear("h2o", h)[0];
                });
    }

    @Test
    void anLstmReadsTheStringFromStatesOfZeros() {
        check(new Lstm(3, V, 1, D), this::lstm);
    }

    private double lstm(long[] ids) {
        double[] h = new double[D];
        double[] c = new double[D];
        for (long id : ids) {
            double[] in =
                    affine(values("lstm.weight_ih_l0"), values("lstm.bias_ih_l0"), embedding(id));
            double[] before = affine(values("lstm.weight_hh_l0"), values("lstm.bias_hh_l0"), h);
            for (int i = 0; i < D; i++) {
                double input = sigmoid(in[i] + before[i]);
                double forget = sigmoid(in[D + i] + before[D + i]);
                double cell = Math.tanh(in[2 * D + i] + before[2 * D + i]);
                double output = sigmoid(in[3 * D + i] + before[3 * D + i]);
                c[i] = forget * c[i] + input * cell;
                h[i] = output * Math.tanh(c[i]);
            }
        }
        return linear("fc", h)[0];
    }

    private void check(Architecture architecture, ToDoubleFunction<long[]> expected) {
        network = SmallNetwork.fresh(architecture, 9, manager);
        NDArray output = network.output(new ParameterStore(manager, false), manager.create(IDS));
        for (int i = 0; i < IDS.length; i++) {
            assertThat((double) output.getFloat(i))
                    .isCloseTo(expected.applyAsDouble(IDS[i]), within(1e-6));
        }
    }

    private double[] linear(String name, double[] x) {
        return affine(values(name + ".weight"), values(name + ".bias"), x);
    }

    private double[] embedding(long id) {
        float[] all = values("to_embedding.weight");
        double[] row = new double[D];
        Arrays.setAll(row, i -> all[(int) id * D + i]);
        return row;
    }

    private float[] values(String name) {
        return network.parameters().get(name).getArray().toFloatArray();
    }

    private static double[] affine(float[] weight, float[] bias, double[] x) {
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static double[] concatenated(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static double[] relu(double[] x) {
        return Arrays.stream(x).map(v -> Math.max(0, v)).toArray();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
