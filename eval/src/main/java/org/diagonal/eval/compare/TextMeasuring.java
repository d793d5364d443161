package org.diagonal.eval.compare;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.evaluate.Yardstick;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.effect.PerplexityRatio;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;

/**
 * Perplexity on a text.
 *
 * @param job how it is measured; a block size left open is, of two models, the shorter context
 * @param text the text it is measured on
 */
public record TextMeasuring(EvaluationJob job, Corpus text) implements Measuring<Evaluation> {

    @Override
    public Map<String, String> byKey(Workplace place, Start start) throws IOException {
        return yardstick(place, job, start.config(), start.tokenizer(List.of(text))).byKey();
    }

    private Yardstick yardstick(
            Workplace place,
            EvaluationJob how,
            Gpt2Config config,
            Optional<ModelTokenizer> tokenizer)
            throws IOException {
        try {
            return how.yardstick(place, config, tokenizer, text);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    @Override
    public TextMeasuring forPair(Workplace place, ModelSource first, ModelSource second)
            throws IOException {
        int context = Math.min(first.config().nPositions(), second.config().nPositions());
        EvaluationJob shorter = job.within(context);
        String one = tokenizerSha256(place, shorter, first);
        String other = tokenizerSha256(place, shorter, second);
        if (!other.equals(one)) {
            throw new IllegalArgumentException(
                    "models with different tokenizer_sha256 cannot be compared: %s of %s and %s of %s"
                            .formatted(one, first.name(), other, second.name()));
        }
        return new TextMeasuring(shorter, text);
    }

    private String tokenizerSha256(Workplace place, EvaluationJob shorter, ModelSource model)
            throws IOException {
        Gpt2Config config =
                model.config(); // before the tokenizer, which is closed by the yardstick
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of(text));
        return yardstick(place, shorter, config, tokenizer).tokenizerSha256();
    }

    @Override
    public Evaluation measure(Workplace place, ModelSource model) throws IOException {
        return job.run(place, model, text, Backend.DJL);
    }

    @Override
    public Evaluation measureBefore(Workplace place, TrainingJob training) throws IOException {
        Start start = training.start();
        Optional<ModelTokenizer> tokenizer = start.tokenizer(List.of(text));
        try (NDManager manager = place.manager()) {
            return job.run(
                    place,
                    MeasuredModel.of(start.name()),
                    start.network(start.config(), training.plan().settings().seed(), manager),
                    tokenizer,
                    text);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    @Override
    public Form<Evaluation> form() {
        return Evaluation.FORM;
    }

    @Override
    public boolean isSame(Evaluation measurement, Map<String, String> byKey) {
        return Yardstick.of(measurement).byKey().equals(byKey);
    }

    @Override
    public Comparison.OnText measured(Evaluation measurement) {
        return new Comparison.OnText(
                measurement.protocol().toString(),
                measurement.blockSize(),
                measurement.stride(),
                measurement.provenance().data(),
                measurement.provenance().dataSha256(),
                measurement.provenance().tokenizerSha256());
    }

    @Override
    public Comparison.Perplexities scores(List<Evaluation> trainings) {
        double nats = trainings.stream().mapToDouble(Evaluation::nats).average().orElseThrow();
        long targets = trainings.get(0).targets();
        return new Comparison.Perplexities(StrictMath.exp(nats / targets), nats, targets);
    }

    @Override
    public OptionalLong step(Evaluation measurement) {
        return measurement.provenance().model().step();
    }

    @Override
    public Effect effect(List<Long> seeds, List<Evaluation> first, List<Evaluation> second) {
        return PerplexityRatio.of(seeds, first, second);
    }
}
