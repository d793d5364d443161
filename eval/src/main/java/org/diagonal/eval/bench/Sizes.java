package org.diagonal.eval.bench;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.small.TemplateTransformer;

/**
 * The sizes of a measured network, by their names in its {@code config.json}: the first seven are
 * those of a GPT-2, the others those of a template transformer.
 *
 * @param dropout probability in the residual stream of a GPT-2
 * @param matrixParameters parameters of a GPT-2 in matrix products
 */
record Sizes(
        OptionalInt nLayer,
        OptionalInt nHead,
        OptionalInt nEmbd,
        OptionalInt nInner,
        OptionalInt vocabSize,
        OptionalDouble dropout,
        OptionalLong matrixParameters,
        OptionalInt contextLength,
        OptionalInt numTokenTypes,
        OptionalInt depth,
        OptionalInt dim,
        OptionalInt heads,
        OptionalInt dimHead,
        OptionalInt mlpDim) {

    private static final OptionalInt NONE = OptionalInt.empty();

    static Sizes of(Gpt2Config config) {
        return new Sizes(
                OptionalInt.of(config.nLayer()),
                OptionalInt.of(config.nHead()),
                OptionalInt.of(config.nEmbd()),
                OptionalInt.of(config.nInner()),
                OptionalInt.of(config.vocabSize()),
                OptionalDouble.of(config.residPdrop()),
                OptionalLong.of(StepFlops.matrixParameters(config)),
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE);
    }

    static Sizes of(TemplateTransformer network) {
        return new Sizes(
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalInt.of(network.contextLength()),
                OptionalInt.of(network.numTokenTypes()),
                OptionalInt.of(network.depth()),
                OptionalInt.of(network.dim()),
                OptionalInt.of(network.heads()),
                OptionalInt.of(network.dimHead()),
                OptionalInt.of(network.mlpDim()));
    }

    /** The network in one line. */
    String words() {
        if (nLayer.isPresent()) {
            return "%d layers, %d heads, width %d, vocabulary %s"
                    .formatted(
                            nLayer.getAsInt(),
                            nHead.orElseThrow(),
                            nEmbd.orElseThrow(),
                            Written.count(vocabSize.orElseThrow()));
        }
        return "%d layers, %d heads of %d, width %d, MLP %d, %d tokens and [CLS]"
                .formatted(
                        depth.orElseThrow(),
                        heads.orElseThrow(),
                        dimHead.orElseThrow(),
                        dim.orElseThrow(),
                        mlpDim.orElseThrow(),
                        contextLength.orElseThrow());
    }
}
