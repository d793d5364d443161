package org.diagonal.eval.train;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.Mimetic;

/** What {@code run.json} says under "settings" of the network, before and after its training. */
final class RunKeys {

    private RunKeys() {}

    /**
     * What a training begins with.
     *
     * @param modelSha256 of the weights, or {@link RunRecord#RANDOM}
     * @param alpha of mimetic initialisation
     * @param beta of mimetic initialisation
     */
    record Beginning(
            String model,
            String modelSha256,
            Optional<String> adapterSha256,
            String init,
            Optional<Double> alpha,
            Optional<Double> beta) {

        static Beginning of(Start start) throws IOException {
            return new Beginning(
                    start.name(),
                    start.sha256(),
                    start.random() ? Optional.empty() : start.model().orElseThrow().adapterSha256(),
                    start.init(),
                    start.mimetic().map(Mimetic::alpha),
                    start.mimetic().map(Mimetic::beta));
        }
    }

    /**
     * The network that is trained.
     *
     * @param dtype element type of the saved models
     */
    record Trained(
            String scalings,
            double qkMultiplier,
            double ovMultiplier,
            boolean maskDiagonal,
            double embdPdrop,
            double attnPdrop,
            double residPdrop,
            int nLayer,
            int nHead,
            int nEmbd,
            String dtype) {

        static Trained of(Gpt2Config config, TensorType dtype) {
            IdentityScalings scalings = config.scalings();
            return new Trained(
                    scalings.arm().toString(),
                    scalings.wkwqIdMult(),
                    scalings.wvwoIdMult(),
                    scalings.maskDiagWkwq(),
                    config.embdPdrop(),
                    config.attnPdrop(),
                    config.residPdrop(),
                    config.nLayer(),
                    config.nHead(),
                    config.nEmbd(),
                    dtype.name().toLowerCase(Locale.ROOT));
        }
    }
}
