package org.diagonal.eval.measure.perplexity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.plugin.kernels.Precision;

/**
 * An {@link Evaluation} as files hold it: with the sums of its parts, and the provenance in place.
 * A figure that is defined but beyond a double is null, so that it is not missed; one that is not
 * defined is absent.
 */
record EvaluationKeys(
        int version,
        Protocol protocol,
        int blockSize,
        @JsonInclude(JsonInclude.Include.ALWAYS) OptionalInt stride,
        int documents,
        long tokens,
        long targets,
        double nats,
        double perplexity,
        String data,
        @JsonProperty("data_sha256") String dataSha256,
        @JsonProperty("tokenizer_sha256") String tokenizerSha256,
        String model,
        Optional<String> adapter,
        OptionalLong step,
        Optional<Precision> precision,
        Optional<String> products,
        Optional<ChangedScalings> changedScalings,
        double seconds,
        Optional<JsonNode> wordPerplexity,
        Optional<JsonNode> bytePerplexity,
        OptionalDouble bitsPerByte,
        Optional<JsonNode> huggingfacePagePerplexity,
        List<Part> articles,
        List<Part> segments) {

    static EvaluationKeys of(Evaluation evaluation) {
        Provenance provenance = evaluation.provenance();
        MeasuredModel model = provenance.model();
        return new EvaluationKeys(
                Evaluation.FORM.version(),
                evaluation.protocol(),
                evaluation.blockSize(),
                evaluation.stride(),
                evaluation.documents(),
                evaluation.tokens(),
                evaluation.targets(),
                evaluation.nats(),
                evaluation.perplexity(),
                provenance.data(),
                provenance.dataSha256(),
                provenance.tokenizerSha256(),
                model.name(),
                model.adapter(),
                model.step(),
                Optional.of(model.precision()),
                model.products(),
                model.changedScalings(),
                evaluation.seconds(),
                figure(evaluation.wordPerplexity(), evaluation.hasWords()),
                figure(evaluation.bytePerplexity(), evaluation.hasBytes()),
                evaluation.bitsPerByte(),
                figure(evaluation.huggingfacePagePerplexity(), evaluation.hasPagePerplexity()),
                evaluation.articles(),
                evaluation.segments());
    }

    /**
     * The evaluation.
     *
     * @throws IllegalArgumentException if a sum is not that of the parts
     */
    Evaluation evaluation() {
        Evaluation evaluation =
                new Evaluation(
                        protocol,
                        blockSize,
                        stride,
                        tokens,
                        new Provenance(
                                data,
                                dataSha256,
                                tokenizerSha256,
                                new MeasuredModel(
                                        model,
                                        adapter,
                                        step,
                                        precision.orElse(Precision.F32),
                                        products,
                                        changedScalings)),
                        seconds,
                        figure("word_perplexity", wordPerplexity),
                        figure("byte_perplexity", bytePerplexity),
                        bitsPerByte,
                        figure("huggingface_page_perplexity", huggingfacePagePerplexity),
                        articles,
                        segments);
        require("documents", documents, evaluation.documents());
        require("targets", (double) targets, (double) evaluation.targets());
        require("nats", nats, evaluation.nats());
        require("perplexity", perplexity, evaluation.perplexity());
        return evaluation;
    }

    private static Optional<JsonNode> figure(OptionalDouble value, boolean defined) {
        return value.isPresent()
                ? Optional.of(DoubleNode.valueOf(value.getAsDouble()))
                : Optional.<JsonNode>of(NullNode.instance).filter(beyond -> defined);
    }

    private static OptionalDouble figure(String key, Optional<JsonNode> value) {
        if (value.isEmpty() || value.get().isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.get().isNumber()) {
            throw new IllegalArgumentException(
                    "key %s: expected a number, found %s".formatted(key, value.get()));
        }
        return OptionalDouble.of(value.get().doubleValue());
    }

    private static void require(String key, double stored, double computed) {
        if (Math.abs(stored - computed) > 1e-9 * Math.max(1, Math.abs(computed))) {
            throw new IllegalArgumentException(
                    "key %s: expected %s by the parts, found %s".formatted(key, computed, stored));
        }
    }
}
