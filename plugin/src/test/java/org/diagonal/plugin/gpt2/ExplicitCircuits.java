package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * GPT-2 written a second time, with NDArray operations and the D × D circuits W_Q W_Kᵀ/√d + a I and
 * W_V W_O + b I of every head built explicitly (paper, Observation 1.2), for a network whose
 * attention biases are zero.
 */
final class ExplicitCircuits {

    private final Gpt2 network;
    private final NDManager manager;
    private final int width;
    private final int d;

    private ExplicitCircuits(Gpt2 network, NDManager manager) {
        this.network = network;
        this.manager = manager;
        this.width = network.config().nEmbd();
        this.d = network.config().headWidth();
    }

    static void check(Gpt2 network, NDArray ids, NDManager manager) {
        NDArray expected = new ExplicitCircuits(network, manager).logits(ids);
        NDArray actual =
                network.forward(new ParameterStore(manager, false), new NDList(ids), false).head();
        assertThat(actual.sub(expected).abs().max().getFloat())
                .isLessThan(1e-4f * Math.max(1, expected.abs().max().getFloat()));
    }

    private NDArray p(String name) {
        NDArray copy = network.parameters().get(name).getArray().duplicate();
        copy.attach(manager);
        return copy;
    }

    private NDArray logits(NDArray ids) {
        long length = ids.getShape().get(1);
        NDArray rows = manager.create(new Shape(0));
        for (long b = 0; b < ids.getShape().get(0); b++) {
            NDArray h =
                    p("transformer.wte.weight")
                            .get(ids.get(b))
                            .add(p("transformer.wpe.weight").get("0:" + length));
            for (int layer = 0; layer < network.config().nLayer(); layer++) {
                h = layer(h, "transformer.h." + layer + ".", layer);
            }
            NDArray out =
                    norm(h, "transformer.ln_f.").matMul(p("transformer.wte.weight").transpose());
            rows = b == 0 ? out.expandDims(0) : rows.concat(out.expandDims(0), 0);
        }
        return rows;
    }

    private NDArray layer(NDArray h, String name, int layer) {
        NDArray x = norm(h, name + "ln_1.");
        NDArray attended = p(name + "attn.c_proj.bias").broadcast(x.getShape());
        for (int head = 0; head < network.config().nHead(); head++) {
            attended = attended.add(head(x, name, layer, head));
        }
        NDArray middle = h.add(attended);
        NDArray inner =
                norm(middle, name + "ln_2.")
                        .matMul(p(name + "mlp.c_fc.weight"))
                        .add(p(name + "mlp.c_fc.bias"));
        NDArray tanh =
                inner.add(inner.pow(3).mul(0.044715f))
                        .mul((float) Math.sqrt(2 / Math.PI))
                        .tanh()
                        .add(1);
        NDArray activated = inner.mul(tanh).mul(0.5f);
        return middle.add(
                activated.matMul(p(name + "mlp.c_proj.weight")).add(p(name + "mlp.c_proj.bias")));
    }

    private NDArray head(NDArray x, String name, int layer, int head) {
        IdentityScalings scalings = network.config().scalings();
        NDArray all = p(name + "attn.c_attn.weight");
        NDArray wq = all.get(":, " + head * d + ":" + (head + 1) * d);
        NDArray wk = all.get(":, " + (width + head * d) + ":" + (width + (head + 1) * d));
        NDArray wv = all.get(":, " + (2 * width + head * d) + ":" + (2 * width + (head + 1) * d));
        NDArray wo = p(name + "attn.c_proj.weight").get(head * d + ":" + (head + 1) * d);
        float a = p(Circuit.QK.parameter(layer)).getFloat(head) * (float) scalings.wkwqIdMult();
        float b = p(Circuit.OV.parameter(layer)).getFloat(head) * (float) scalings.wvwoIdMult();
        NDArray identity = manager.eye(width);
        NDArray qk = wq.matMul(wk.transpose()).div(Math.sqrt(d)).add(identity.mul(a));
        NDArray ov = wv.matMul(wo).add(identity.mul(b));
        NDArray logits = x.matMul(qk).matMul(x.transpose());
        long length = x.getShape().get(0);
        if (scalings.maskDiagWkwq()) {
            NDArray own = x.square().sum(new int[] {1}, true).mul(a);
            logits = logits.sub(manager.eye((int) length).mul(own));
        }
        if (scalings.permuteWkwq()) {
            logits = logits.add(moved(x, scalings.maskDiagWkwq()).mul(a));
        }
        NDArray future =
                manager.arange((int) length)
                        .expandDims(0)
                        .gt(manager.arange((int) length).expandDims(1));
        NDArray weights = logits.add(future.toType(x.getDataType(), false).mul(-1e9f)).softmax(-1);
        return weights.matMul(x).matMul(ov);
    }

    /** What becomes of X Xᵀ where every row up to its own position is turned round: the change. */
    private NDArray moved(NDArray x, boolean masked) {
        int length = Math.toIntExact(x.getShape().get(0));
        float[] products = x.matMul(x.transpose()).toFloatArray();
        float[] moved = new float[products.length];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j <= i; j++) {
                float here = masked && i == j ? 0 : products[i * length + j];
                float there = masked && j == 0 ? 0 : products[i * length + (i - j)];
                moved[i * length + j] = there - here;
            }
        }
        return manager.create(moved, new Shape(length, length));
    }

    private NDArray norm(NDArray x, String name) {
        NDArray mean = x.mean(new int[] {-1}, true);
        NDArray centred = x.sub(mean);
        NDArray variance = centred.square().mean(new int[] {-1}, true);
        return centred.div(variance.add(network.config().layerNormEpsilon()).sqrt())
                .mul(p(name + "weight"))
                .add(p(name + "bias"));
    }
}
