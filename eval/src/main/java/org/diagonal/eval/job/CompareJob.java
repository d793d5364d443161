package org.diagonal.eval.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.measure.Evaluation;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.checkpoint.ModelTokenizer;
import org.diagonal.wikitext.Corpus;

/**
 * The main job: the same training with different scalings, from the same weights, on the same
 * batches, with the same seeds; then perplexity on the same text, and its ratio with an interval.
 *
 * @param arms the scalings of each arm by its name; the first is what others are compared with
 * @param seeds trainings of each arm, from the plan's seed upwards
 * @param training the training that all arms share
 * @param measuring how perplexity is measured
 * @param test the text it is measured on
 */
public record CompareJob(
        Map<String, ScalingsRequest> arms,
        int seeds,
        TrainingJob training,
        EvaluationJob measuring,
        Corpus test) {

    private static final String TEST = "test.json";

    /** Keeps the arms' order. */
    public CompareJob {
        arms = Collections.unmodifiableMap(new LinkedHashMap<>(arms));
    }

    /**
     * Trains what is not trained yet, measures what is not measured yet, and compares. A signal to
     * end the process while an arm is trained saves a checkpoint first.
     *
     * @param out holds a run folder for each arm and seed, and {@code compare.json}
     * @return empty if the process was asked to end
     * @throws IllegalArgumentException if the arms, the text or the folder are not fit for it;
     *     before anything is trained
     */
    public Optional<CompareResult> run(Workplace place, Path out) throws IOException {
        ArmTrainings trainings = new ArmTrainings(arms, seeds, training);
        trainings.require(out);
        Yardstick yardstick = yardstick(place);
        CompareResult.requireSame(out, arms.keySet(), seeds, yardstick.byKey());
        Optional<Map<String, List<ArmTrainings.Run<Evaluation>>>> runs =
                trainings.run(place, out, trained -> evaluation(place, trained, yardstick));
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        CompareResult result =
                CompareResult.of(runs.get(), place.versions(), training.start().name());
        AtomicFiles.writeString(out.resolve(CompareResult.FILE), result.json());
        return Optional.of(result);
    }

    private Yardstick yardstick(Workplace place) throws IOException {
        Optional<ModelTokenizer> tokenizer = training.start().tokenizer(List.of(test));
        try {
            return measuring.yardstick(place, training.start().config(), tokenizer, test);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    /** A run's measurement: that of an earlier call if it was made in the same way. */
    private Evaluation evaluation(Workplace place, TrainedRun trained, Yardstick yardstick)
            throws IOException {
        Path file = trained.folder().resolve(TEST);
        if (Files.exists(file)) {
            Evaluation before = Evaluation.read(file);
            if (Yardstick.of(before).equals(yardstick)) {
                return before;
            }
        }
        Evaluation evaluation =
                measuring.run(
                        place,
                        new ModelSource(
                                trained.model().toString(), trained.model(), Optional.empty()),
                        test);
        AtomicFiles.writeString(file, evaluation.toJson());
        return evaluation;
    }
}
