package org.diagonal.eval.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.small.TemplateTransformer;

/**
 * What a benchmark trains, in words and numbers.
 *
 * @param model its name
 * @param sizes by their names in files
 * @param unit what a second's speed counts: {@code tokens} or {@code samples}
 * @param flops the formula of a step's useful operations
 * @param counted the same for people, in lines
 * @param words the network, in lines
 */
public record BenchSubject(
        String model,
        Map<String, Number> sizes,
        String unit,
        String flops,
        List<String> counted,
        List<String> words) {

    /** Copies, and keeps the order of the sizes. */
    public BenchSubject {
        sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
        counted = List.copyOf(counted);
        words = List.copyOf(words);
    }

    /** A GPT-2 without scalings. */
    static BenchSubject of(String model, Gpt2Config config) {
        Map<String, Number> sizes = new LinkedHashMap<>();
        sizes.put("n_layer", config.nLayer());
        sizes.put("n_head", config.nHead());
        sizes.put("n_embd", config.nEmbd());
        sizes.put("n_inner", config.nInner());
        sizes.put("vocab_size", config.vocabSize());
        sizes.put("dropout", config.residPdrop());
        long parameters = StepFlops.matrixParameters(config);
        sizes.put("matrix_parameters", parameters);
        return new BenchSubject(
                model,
                sizes,
                "tokens",
                "6 N B T + 6 L D B T^2, N = matrix_parameters",
                List.of(
                        "useful ones: 6 N B T + 6 L D B T T a step, where",
                        "N = %,d parameters in matrix products,".formatted(parameters),
                        "L layers, D width; what scalings compute is not counted"),
                List.of(
                        "%s: %d layers, %d heads, width %d, vocabulary %,d"
                                .formatted(
                                        model,
                                        config.nLayer(),
                                        config.nHead(),
                                        config.nEmbd(),
                                        config.vocabSize()),
                        config.residPdrop() == 0
                                ? "random weights, no dropout"
                                : "random weights, dropout " + config.residPdrop()));
    }

    /** A template transformer without scalings. */
    static BenchSubject of(TemplateTransformer network) {
        Map<String, Number> sizes = new LinkedHashMap<>();
        sizes.put("context_length", network.contextLength());
        sizes.put("num_token_types", network.numTokenTypes());
        sizes.put("depth", network.depth());
        sizes.put("dim", network.dim());
        sizes.put("heads", network.heads());
        sizes.put("dim_head", network.dimHead());
        sizes.put("mlp_dim", network.mlpDim());
        return new BenchSubject(
                NetworkKind.TEMPLATE_TRANSFORMER.toString(),
                sizes,
                "samples",
                "6 per sample and parameter in matrix products, at every position, of the last layer"
                        + " keys and values at every position and the rest at one",
                List.of(
                        "useful ones: 6 a sample and parameter in matrix products,",
                        "at every position; of the last layer keys and values alone,",
                        "the rest at one; what scalings compute is not counted"),
                List.of(
                        "template-transformer: %d layers, %d heads of %d, width %d, MLP %d,"
                                .formatted(
                                        network.depth(),
                                        network.heads(),
                                        network.dimHead(),
                                        network.dim(),
                                        network.mlpDim()),
                        "%d tokens and [CLS]".formatted(network.contextLength())));
    }
}
