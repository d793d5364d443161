package org.diagonal.eval.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.evaluate.OnnxScorer;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.onnx.FileJudge;
import org.diagonal.plugin.onnx.PerplexityChange;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;

/** Measures exported files by their perplexity on a text, beside the network's in DJL. */
final class PerplexityJudge implements FileJudge {

    /** How perplexity is measured. */
    static final EvaluationJob JOB =
            new EvaluationJob(
                    Protocol.HF_STRIDED, Optional.empty(), Optional.empty(), Precision.F32);

    private final Workplace place;
    private final MeasuredModel model;
    private final Optional<ModelTokenizer> tokenizer;
    private final Corpus text;
    private final OptionalDouble most;
    private OptionalDouble reference = OptionalDouble.empty();

    /**
     * A judge that has measured nothing yet.
     *
     * @param most the largest increase of perplexity, a share; fp32 is not held to it
     */
    PerplexityJudge(
            Workplace place,
            MeasuredModel model,
            Optional<ModelTokenizer> tokenizer,
            Corpus text,
            OptionalDouble most) {
        this.place = place;
        this.model = model;
        this.tokenizer = tokenizer;
        this.text = text;
        this.most = most;
    }

    @Override
    public PerplexityChange judge(Gpt2 network, Path folder, Dtype dtype) throws IOException {
        if (reference.isEmpty()) {
            reference =
                    OptionalDouble.of(JOB.run(place, model, network, tokenizer, text).perplexity());
        }
        PerplexityChange change =
                new PerplexityChange(
                        text.name() + ", " + Protocol.HF_STRIDED,
                        measured(network.config(), folder, dtype),
                        reference.getAsDouble());
        if (dtype != Dtype.FP32 && most.isPresent() && change.increase() > most.getAsDouble()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "%s raises the perplexity on %s from %.4f to %.4f, by %.3f %%, more than"
                                    + " the %s %% that are allowed; nothing was kept",
                            dtype.word(),
                            text.name(),
                            change.reference(),
                            change.perplexity(),
                            100 * change.increase(),
                            number(100 * most.getAsDouble())));
        }
        return change;
    }

    private static String number(double value) {
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private double measured(Gpt2Config config, Path folder, Dtype dtype) throws IOException {
        try (OnnxModel file = OnnxModel.open(folder, dtype, place.threads());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Evaluation found =
                    JOB.run(
                            place,
                            model,
                            config,
                            new OnnxScorer(file, config.nPositions(), manager),
                            tokenizer,
                            text);
            return found.perplexity();
        }
    }
}
