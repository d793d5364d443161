package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.ablate.Ablation.OnText;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.evaluate.Yardstick;
import org.diagonal.eval.measure.effect.PerplexityRatio;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;

/**
 * Perplexity on a text.
 *
 * @param source of the model
 * @param job how it is measured
 * @param corpus the text
 */
public record TextSubject(ModelSource source, EvaluationJob job, Corpus corpus)
        implements Subject<Evaluation> {

    @Override
    public Model model() throws IOException {
        return Model.of(source);
    }

    @Override
    public <R> R with(Workplace place, LoadedModel.Use<Evaluation, R> use) throws IOException {
        return job.with(place, source, corpus, use);
    }

    @Override
    public Optional<OnText> text(Evaluation measured) {
        PerplexityRatio units = PerplexityRatio.of(ONE, List.of(measured), List.of(measured));
        return Optional.of(
                new OnText(
                        measured.protocol().toString(),
                        measured.blockSize(),
                        measured.stride(),
                        measured.provenance().data(),
                        measured.provenance().dataSha256(),
                        measured.provenance().tokenizerSha256(),
                        measured.provenance().model().precision().toString(),
                        measured.targets(),
                        units.unit(),
                        units.units()));
    }

    @Override
    public Scores scores(Evaluation measured) {
        return new Scores(
                measured.nats() / measured.targets(),
                OptionalDouble.of(measured.perplexity()),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    @Override
    public Change change(Evaluation first, Evaluation second) {
        PerplexityRatio ratio = PerplexityRatio.of(ONE, List.of(first), List.of(second));
        return new Change(ratio.value(), ratio.interval());
    }

    @Override
    public boolean isSame(Workplace place, Ablation file) throws IOException {
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(source, List.of(corpus));
        try {
            Yardstick own = job.yardstick(place, source.config(), tokenizer, corpus);
            return file.text()
                    .filter(on -> on.protocol().equals(own.protocol().toString()))
                    .filter(on -> on.blockSize() == own.blockSize())
                    .filter(on -> on.stride().equals(own.stride()))
                    .filter(on -> on.dataSha256().equals(own.dataSha256()))
                    .filter(on -> on.tokenizerSha256().equals(own.tokenizerSha256()))
                    .filter(on -> on.precision().equals(job.precision().toString()))
                    .isPresent();
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }
}
