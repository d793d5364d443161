package org.diagonal.eval.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.diagonal.eval.measure.Comparison;
import org.diagonal.eval.measure.Evaluation;
import org.diagonal.eval.measure.PairedBootstrap;
import org.diagonal.plugin.checkpoint.JsonFile;
import org.diagonal.plugin.gpt2.Gpt2Config;

/**
 * Arms side by side, as {@code compare.json} keeps them.
 *
 * @param arms the first is what the others are compared with
 * @param model what was trained, or empty where two models were given
 * @param versions what was loaded
 */
public record CompareResult(List<Arm> arms, Optional<String> model, Map<String, String> versions) {

    /** The file's name. */
    public static final String FILE = "compare.json";

    private static final long BOOTSTRAP_SEED = 0;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One arm.
     *
     * @param name its name
     * @param scalings {@code none}, {@code qk}, {@code ov} or {@code both}
     * @param folders of its models
     * @param evaluations one a seed
     * @param trainableParameters numbers that moved; empty where the training is not known
     * @param seconds of training, all seeds; 0 where it is not known
     * @param comparison with the first arm; empty for the first itself
     */
    public record Arm(
            String name,
            String scalings,
            List<Path> folders,
            List<Evaluation> evaluations,
            OptionalLong trainableParameters,
            double seconds,
            Optional<Comparison> comparison) {

        /** Copies the lists. */
        public Arm {
            folders = List.copyOf(folders);
            evaluations = List.copyOf(evaluations);
        }

        /** Nats, averaged over seeds. */
        public double nats() {
            return evaluations.stream().mapToDouble(Evaluation::nats).average().orElseThrow();
        }

        /** Targets of one measurement. */
        public long targets() {
            return evaluations.get(0).targets();
        }

        /** Perplexity of the averaged nats. */
        public double perplexity() {
            return Math.exp(nats() / targets());
        }
    }

    /** Copies list and map. */
    public CompareResult {
        arms = List.copyOf(arms);
        versions = Map.copyOf(versions);
    }

    /** Pairs every arm with the first. */
    static CompareResult of(
            Map<String, List<ArmTrainings.Run<Evaluation>>> runs,
            Map<String, String> versions,
            String model)
            throws IOException {
        List<Arm> arms = new ArrayList<>();
        for (Map.Entry<String, List<ArmTrainings.Run<Evaluation>>> arm : runs.entrySet()) {
            List<ArmTrainings.Run<Evaluation>> trainings = arm.getValue();
            List<Evaluation> evaluations =
                    trainings.stream().map(ArmTrainings.Run::evaluation).toList();
            arms.add(
                    new Arm(
                            arm.getKey(),
                            Gpt2Config.read(trainings.get(0).folder()).scalings().arm(),
                            trainings.stream().map(ArmTrainings.Run::folder).toList(),
                            evaluations,
                            OptionalLong.of(trainings.get(0).trained().trainableParameters()),
                            trainings.stream().mapToDouble(run -> run.trained().seconds()).sum(),
                            with(arms, evaluations)));
        }
        return new CompareResult(arms, Optional.of(model), versions);
    }

    /** Two models that were measured the same way. */
    public static CompareResult of(
            ModelSource first,
            Evaluation measuredFirst,
            ModelSource second,
            Evaluation measuredSecond,
            Map<String, String> versions)
            throws IOException {
        Arm one = arm(first, measuredFirst, List.of());
        return new CompareResult(
                List.of(one, arm(second, measuredSecond, List.of(one))),
                Optional.empty(),
                versions);
    }

    /**
     * Refuses a folder that holds another comparison, which would be overwritten.
     *
     * @param arms the names of the arms to come
     * @param wanted what else must be the same, by the keys of {@code compare.json}
     * @throws IllegalArgumentException naming the first thing that differs and both values
     */
    static void requireSame(
            Path folder, Collection<String> arms, int seeds, Map<String, String> wanted)
            throws IOException {
        if (!Files.exists(folder.resolve(FILE))) {
            return;
        }
        JsonNode before = JsonFile.read(folder.resolve(FILE));
        List<String> found = before.path("arms").findValuesAsText("name");
        requireSame(folder, "arms", String.join(",", found), String.join(",", arms));
        requireSame(folder, "seeds", before.path("seeds").asText(), Integer.toString(seeds));
        wanted.forEach((key, value) -> requireSame(folder, key, before.path(key).asText(), value));
    }

    private static void requireSame(Path folder, String key, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new IllegalArgumentException(
                    "%s holds a comparison with %s %s, not %s; choose another --out"
                            .formatted(folder, key, found, wanted));
        }
    }

    private static Arm arm(ModelSource model, Evaluation evaluation, List<Arm> before)
            throws IOException {
        return new Arm(
                model.name(),
                model.config().scalings().arm(),
                List.of(model.folder()),
                List.of(evaluation),
                OptionalLong.empty(),
                0,
                with(before, List.of(evaluation)));
    }

    private static Optional<Comparison> with(List<Arm> arms, List<Evaluation> evaluations) {
        if (arms.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new PairedBootstrap(PairedBootstrap.DEFAULT_RESAMPLES, BOOTSTRAP_SEED)
                        .compare(arms.get(0).evaluations(), evaluations));
    }

    /** The comparison of the last arm with the first. */
    public Comparison headline() {
        return arms.get(arms.size() - 1).comparison().orElseThrow();
    }

    /** The text of {@code compare.json}. */
    public String json() {
        Evaluation measured = arms.get(0).evaluations().get(0);
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 1);
        model.ifPresent(name -> node.put("model", name));
        ArrayNode list = node.putArray("arms");
        arms.forEach(arm -> list.add(json(arm)));
        node.setAll(json(headline()));
        node.put("protocol", measured.protocol().toString());
        node.put("block_size", measured.blockSize());
        measured.stride().ifPresent(stride -> node.put("stride", stride));
        node.put("data", measured.provenance().data());
        node.put("data_sha256", measured.provenance().dataSha256());
        node.put("tokenizer_sha256", measured.provenance().tokenizerSha256());
        node.set("versions", JSON.valueToTree(new TreeMap<>(versions)));
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode json(Arm arm) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", arm.name());
        node.put("scalings", arm.scalings());
        node.put("perplexity", arm.perplexity());
        node.put("nats", arm.nats());
        node.put("targets", arm.targets());
        arm.trainableParameters().ifPresent(n -> node.put("trainable_parameters", n));
        if (arm.seconds() > 0) {
            node.put("seconds", arm.seconds());
        }
        ArrayNode folders = node.putArray("folders");
        arm.folders().forEach(folder -> folders.add(folder.toString()));
        arm.comparison().ifPresent(comparison -> node.setAll(json(comparison)));
        return node;
    }

    private static ObjectNode json(Comparison comparison) {
        ObjectNode node = JSON.createObjectNode();
        node.put("ratio", comparison.ratio());
        node.putArray("ratio_ci95").add(comparison.ciLow()).add(comparison.ciHigh());
        node.put("seeds", comparison.seeds());
        ArrayNode perSeed = node.putArray("ratios_per_seed");
        comparison.ratiosPerSeed().forEach(perSeed::add);
        node.put("unit", comparison.unit());
        node.put("units", comparison.units());
        node.put("resamples", comparison.resamples());
        return node;
    }
}
