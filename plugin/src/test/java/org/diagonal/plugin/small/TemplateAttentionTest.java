package org.diagonal.plugin.small;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.diagonal.plugin.identity.Mimetic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateAttentionTest {

    private static final long[][] IDS = {{1, 2, 1}, {3, 4, 4}, {0, 5, 6}};

    private NDManager manager;
    private ParameterStore store;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static void setScalings(SmallNetwork network) {
        for (String name : network.scalings()) {
            array(network, name).set(new float[] {0.3f, -0.2f});
        }
    }

    /** Theorem 5.2, without any training. */
    @Test
    void anAttentionLayerOfNothingButBCopiesEverySymbol() {
        SmallNetwork network =
                SmallNetwork.fresh(new TemplateAttention(1, 50, 64, 2, 5, 0, 1, false), 3, manager);
        NDArray values =
                network.parameters().get("transformer.layers.0.0.fn.to_v.weight").getArray();
        values.set(new float[(int) values.size()]);
        setScalings(network); // together above 0
        NDArray ids = manager.arange(50).toType(DataType.INT64, false).reshape(50, 1);
        assertThat(network.output(store, ids).argMax(1).toLongArray())
                .isEqualTo(ids.reshape(50).toLongArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAttentionLayerAloneIsTheSumOfItsHeadsCircuits(boolean permuted) {
        SmallNetwork network =
                SmallNetwork.fresh(
                        new TemplateAttention(3, 7, 12, 2, 5, 0.7, 1.3, permuted), 3, manager);
        setScalings(network);
        float[] a = {0.7f * 0.3f, 0.7f * -0.2f};
        float[] b = {1.3f * 0.3f, 1.3f * -0.2f};
        String layer = "transformer.layers.0.0.fn.";
        NDArray embedding = array(network, "to_embedding.weight");
        NDArray qk = array(network, layer + "to_qk.weight"); // (2 H d, D)
        NDArray v = array(network, layer + "to_v.weight"); // (H d, D)
        NDArray o = array(network, layer + "to_out.0.weight"); // (D, H d)
        NDArray identity = manager.eye(12);
        for (long[] row : IDS) {
            NDArray x = normalized(embedding.get(manager.create(row))); // (T, D)
            NDArray sum = manager.zeros(new Shape(12));
            for (int head = 0; head < 2; head++) {
                String rows = 5 * head + ":" + 5 * (head + 1);
                NDArray queries = qk.get(rows);
                NDArray keys = qk.get((10 + 5 * head) + ":" + (15 + 5 * head));
                NDArray circuitQk = queries.transpose().matMul(keys).div(Math.sqrt(5));
                NDArray products = x.get(2).matMul(x.transpose()); // (T)
                NDArray placed = permuted ? products.flip(0) : products;
                NDArray scores =
                        x.get(2).matMul(circuitQk).matMul(x.transpose()).add(placed.mul(a[head]));
                NDArray circuit =
                        v.get(rows)
                                .transpose()
                                .matMul(o.get(":, " + rows).transpose())
                                .add(identity.mul(b[head]));
                sum = sum.add(scores.softmax(0).matMul(x).matMul(circuit));
            }
            NDArray expected =
                    normalized(sum.reshape(1, 12)).matMul(embedding.transpose()).squeeze(0);
            NDArray actual = network.output(store, manager.create(new long[][] {row})).squeeze(0);
            assertThat(actual.toFloatArray())
                    .containsExactly(expected.toFloatArray(), within(1e-4f));
        }
    }

    private static NDArray array(SmallNetwork network, String name) {
        return network.parameters().get(name).getArray();
    }

    private static NDArray normalized(NDArray rows) {
        NDArray centred = rows.sub(rows.mean(new int[] {1}, true));
        NDArray variance = centred.square().mean(new int[] {1}, true);
        return centred.div(variance.add(1e-5).sqrt());
    }

    @Test
    void mimeticHeadsHaveMoreOfADiagonal() {
        TemplateAttention architecture = new TemplateAttention(3, 7, 40, 3, 5, 0, 0, false);
        SmallNetwork drawn = SmallNetwork.fresh(architecture, 5, manager);
        SmallNetwork mimetic = SmallNetwork.fresh(architecture, 5, manager);
        mimetic.makeMimetic(new Mimetic(0.5, 4));
        for (String name : drawn.parameters().keySet()) {
            assertThat(array(mimetic, name).contentEquals(array(drawn, name)))
                    .as(name)
                    .isEqualTo(!name.endsWith("to_qk.weight"));
        }
    }
}
