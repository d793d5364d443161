package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * The numbers of a layer, in the order in which the kernels read them.
 *
 * @param dropout whether there is dropout
 * @param overwrite whether gradients of matrices are overwritten rather than added to
 */
record BlockNumbers(Gpt2Config config, int layer, boolean dropout, boolean overwrite) {

    NDArray toArray(NDManager manager) {
        IdentityScalings scalings = config.scalings();
        return manager.create(
                new double[] {
                    config.nHead(),
                    scalings.form(),
                    config.activation().kernel(),
                    config.layerNormEpsilon(),
                    scalings.wkwqIdMult(),
                    scalings.wvwoIdMult(),
                    dropout ? config.attnPdrop() : 0,
                    dropout ? config.residPdrop() : 0,
                    config.attentionScale(layer),
                    overwrite ? 1 : 0,
                });
    }
}
