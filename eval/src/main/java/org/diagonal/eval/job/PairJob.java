package org.diagonal.eval.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.Evaluation;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.checkpoint.ModelTokenizer;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.wikitext.Corpus;

/**
 * Two models side by side on one text.
 *
 * @param first what the other is compared with
 * @param second the other
 * @param measuring how perplexity is measured; a block size left open is the shorter context
 * @param text the text it is measured on
 */
public record PairJob(ModelSource first, ModelSource second, EvaluationJob measuring, Corpus text) {

    /**
     * Measures and compares.
     *
     * @param out where {@code compare.json} goes, if it is kept
     * @throws IllegalArgumentException if the models' tokenizers differ, or the folder holds
     *     another comparison; before anything is measured
     */
    public CompareResult run(Workplace place, Optional<Path> out) throws IOException {
        int context = Math.min(first.config().nPositions(), second.config().nPositions());
        EvaluationJob job = measuring.within(context);
        Yardstick yardstick = yardstick(place, job, first);
        String other = yardstick(place, job, second).tokenizerSha256();
        if (!other.equals(yardstick.tokenizerSha256())) {
            throw new IllegalArgumentException(
                    "models with different tokenizer_sha256 cannot be compared: %s of %s and %s of %s"
                            .formatted(
                                    yardstick.tokenizerSha256(),
                                    first.name(),
                                    other,
                                    second.name()));
        }
        if (out.isPresent()) {
            OutFolder.COMPARISON.require(out.get());
            List<String> names = List.of(first.name(), second.name());
            CompareResult.requireSame(out.get(), names, 1, yardstick.byKey());
        }
        Evaluation one = job.run(place, first, text);
        Evaluation two = job.run(place, second, text);
        CompareResult result = CompareResult.of(first, one, second, two, place.versions());
        if (out.isPresent()) {
            AtomicFiles.writeString(out.get().resolve(CompareResult.FILE), result.json());
        }
        return result;
    }

    private Yardstick yardstick(Workplace place, EvaluationJob job, ModelSource model)
            throws IOException {
        Gpt2Config config = model.config();
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of(text));
        try {
            return job.yardstick(place, config, tokenizer, text);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }
}
