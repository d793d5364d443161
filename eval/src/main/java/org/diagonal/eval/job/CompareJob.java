package org.diagonal.eval.job;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.diagonal.eval.measure.Evaluation;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2;
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

    /** Keeps the arms' order. */
    public CompareJob {
        arms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(arms));
    }

    /**
     * Trains what is not trained yet, measures and compares.
     *
     * @param out holds a run folder for each arm and seed, and {@code compare.json}
     * @param stop asked after each step
     * @return empty if it was asked to stop
     */
    public Optional<CompareResult> run(Workplace place, Path out, BooleanSupplier stop)
            throws IOException {
        requireDistinct();
        measuring.requireSizes(training.start().config());
        Files.createDirectories(out);
        Map<String, List<CompareResult.Run>> runs = new LinkedHashMap<>();
        for (int i = 0; i < seeds; i++) {
            for (Map.Entry<String, ScalingsRequest> arm : arms.entrySet()) {
                long seed = training.plan().seed() + i;
                Path folder = out.resolve(arm.getKey() + "-seed" + seed);
                Optional<TrainedRun> trained =
                        training.with(arm.getValue(), seed).run(place, folder, stop);
                if (trained.isEmpty()) {
                    return Optional.empty();
                }
                Evaluation evaluation = measure(place, trained.get());
                AtomicFiles.writeString(folder.resolve("test.json"), evaluation.toJson());
                runs.computeIfAbsent(arm.getKey(), name -> new ArrayList<>())
                        .add(new CompareResult.Run(folder, trained.get(), evaluation));
            }
        }
        CompareResult result = CompareResult.of(runs, place.versions(), training.start().name());
        AtomicFiles.writeString(out.resolve("compare.json"), result.json());
        return Optional.of(result);
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

    private Evaluation measure(Workplace place, TrainedRun trained) throws IOException {
        ModelSource model =
                new ModelSource(trained.model().toString(), trained.model(), Optional.empty());
        Gpt2Config config = model.config();
        var tokenizer = Workplace.tokenizer(model, List.of(test));
        try (NDManager manager = place.manager()) {
            Gpt2 network = model.load(config, manager);
            return measuring.run(place, model.name(), network, tokenizer, test);
        } finally {
            tokenizer.ifPresent(org.diagonal.plugin.checkpoint.ModelTokenizer::close);
        }
    }
}
