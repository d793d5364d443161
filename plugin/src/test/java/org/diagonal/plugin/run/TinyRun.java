package org.diagonal.plugin.run;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.diagonal.plugin.card.ModelCard;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Precision;

/** A training that takes moments, with everything that a run's folder can hold. */
final class TinyRun {

    static final String CONFIG =
            """
            {"vocab_size": 20, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 2,
             "resid_pdrop": 0.1, "embd_pdrop": 0.1, "attn_pdrop": 0.1}
            """;

    static final IdExamples TRAIN = IdExamples.counting(22, 12, 20);

    /** Two batches. */
    static final IdExamples VALID = IdExamples.counting(5, 9, 20);

    static final Instant STARTED = Instant.ofEpochSecond(1_700_000_000);

    private TinyRun() {}

    /** Evaluates every third step and saves every fourth. */
    static TrainingSettings settings(int steps) {
        return settings(steps, Precision.F32);
    }

    /** The same in a precision. */
    static TrainingSettings settings(int steps, Precision precision) {
        return TrainingSettings.DEFAULTS
                .withBatchSize(4)
                .withAccumulate(2)
                .withMaxSteps(steps)
                .withLr(3e-3)
                .withScalingsLr(1e-2)
                .withSchedule(Schedule.COSINE)
                .withWarmup(2)
                .withSeed(5)
                .withEvalEvery(3)
                .withSaveEvery(4)
                .withPrecision(precision);
    }

    static Gpt2 network(NDManager manager) {
        Engine.getEngine("PyTorch").setRandomSeed(11);
        Gpt2 network =
                new Gpt2(Gpt2Config.parse(CONFIG).withScalings(new IdentityScalings(1, 1, true)));
        network.initialize(manager);
        return network;
    }

    static ModelWriter writer(Gpt2 network) {
        ModelCard card =
                new ModelCard(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "Counts.",
                        network.config().scalings(),
                        Map.of());
        return new ModelWriter(
                network, Optional.empty(), Optional.empty(), TensorType.F32, Optional.of(card));
    }

    static TrainingResult train(
            Path folder, TrainingSettings settings, TrainingListener listener, BooleanSupplier stop)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(folder)) {
            run.begin("{}");
            return new FineTuner(
                            FolderCheckpointer.withEvents(run, writer(network(manager)), STARTED),
                            TRAIN,
                            Optional.of(VALID),
                            settings,
                            listener,
                            stop)
                    .train();
        }
    }

    /** Every file's content; of metrics all but what the speed says. */
    static Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                all.put(name, content(file, name));
            }
        }
        return all;
    }

    private static String content(Path file, String name) throws IOException {
        if (name.startsWith("events.")) {
            return EventReader.read(file).stream()
                    .map(event -> event.withoutSpeed().toString())
                    .toList()
                    .toString();
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return name.equals("metrics.csv") ? text.replaceAll("(?m),[^,\n]*$", "") : text;
    }
}
