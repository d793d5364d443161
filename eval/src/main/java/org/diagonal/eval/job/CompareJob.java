package org.diagonal.eval.job;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.measure.Evaluation;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.checkpoint.ModelTokenizer;
import org.diagonal.plugin.finetune.FolderLock;
import org.diagonal.plugin.finetune.RunFolder;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2Config;
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
        requireDistinct();
        requireTrainable();
        requireFolder(out);
        Yardstick yardstick = yardstick(place);
        CompareResult.requireSame(out, List.copyOf(arms.keySet()), seeds, yardstick);
        FolderLock lock = FolderLock.take(out);
        try {
            return results(place, out, yardstick);
        } finally {
            lock.close();
        }
    }

    private Optional<CompareResult> results(Workplace place, Path out, Yardstick yardstick)
            throws IOException {
        Map<String, List<CompareResult.Run>> runs = new LinkedHashMap<>();
        for (int i = 0; i < seeds; i++) {
            for (Map.Entry<String, ScalingsRequest> arm : arms.entrySet()) {
                long seed = training.plan().seed() + i;
                Path folder = out.resolve(arm.getKey() + "-seed" + seed);
                Optional<TrainedRun> trained =
                        training.with(arm.getValue(), seed).run(place, folder);
                if (trained.isEmpty()) {
                    return Optional.empty();
                }
                Evaluation evaluation = evaluation(place, trained.get(), yardstick);
                runs.computeIfAbsent(arm.getKey(), name -> new ArrayList<>())
                        .add(new CompareResult.Run(folder, trained.get(), evaluation));
            }
        }
        CompareResult result = CompareResult.of(runs, place.versions(), training.start().name());
        AtomicFiles.writeString(out.resolve(CompareResult.FILE), result.json());
        return Optional.of(result);
    }

    private static void requireFolder(Path out) throws IOException {
        if (Files.exists(out.resolve(RunFolder.RUN))) {
            throw new FileSystemException(
                    out.toString(), null, "is a run, and cannot become a comparison");
        }
        AtomicFiles.requirePlace(out.resolve(CompareResult.FILE));
    }

    private void requireTrainable() {
        arms.forEach(
                (name, request) -> {
                    boolean nothing =
                            training.plan().trained() == TrainingSettings.Trained.SCALINGS
                                    && training.with(request, 0).config().scalings().isNone();
                    if (nothing) {
                        throw new IllegalArgumentException(
                                ("--train scalings leaves arm %s nothing to train; train the others"
                                                + " with fine-tune, and compare each with the model as"
                                                + " it is: diagonal compare MODEL RUN")
                                        .formatted(name));
                    }
                });
    }

    private Yardstick yardstick(Workplace place) throws IOException {
        Optional<ModelTokenizer> tokenizer = training.start().tokenizer(List.of(test));
        try {
            return measuring.yardstick(place, training.start().config(), tokenizer, test);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    private void requireDistinct() {
        Map<String, String> seen = new LinkedHashMap<>();
        arms.forEach(
                (name, request) -> {
                    Gpt2Config config = training.with(request, 0).config();
                    String other = seen.putIfAbsent(config.scalings().toString(), name);
                    if (other != null) {
                        throw new IllegalArgumentException(
                                "arms %s and %s are the same: %s has scalings (%s), which are never"
                                                .formatted(
                                                        other,
                                                        name,
                                                        training.start().name(),
                                                        training.start().config().scalings().arm())
                                        + " dropped");
                    }
                });
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
