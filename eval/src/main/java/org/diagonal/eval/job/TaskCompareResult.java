package org.diagonal.eval.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.diagonal.eval.measure.Accuracy;
import org.diagonal.eval.measure.McNemar;
import org.diagonal.eval.measure.Proportion;
import org.diagonal.eval.measure.TaskEvaluation;
import org.diagonal.eval.measure.TaskScores;

/**
 * Arms side by side on a template task, as {@code compare.json} keeps them.
 *
 * @param model what was trained, or empty where two models were given
 * @param arms the first is what the others are compared with
 * @param setting how strings were drawn
 * @param versions what was loaded
 */
public record TaskCompareResult(
        Optional<String> model, List<Arm> arms, TaskSetting setting, Map<String, String> versions) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One arm.
     *
     * @param name its name
     * @param scalings {@code none}, {@code qk}, {@code ov} or {@code both}
     * @param folders of its models
     * @param scores one a seed
     * @param trainableParameters numbers that moved; empty where the training is not known
     * @param seconds of training, all seeds; 0 where it is not known
     * @param against the first arm on the same unseen strings, all seeds; empty for the first
     */
    public record Arm(
            String name,
            String scalings,
            List<Path> folders,
            List<TaskScores> scores,
            OptionalLong trainableParameters,
            double seconds,
            Optional<McNemar> against) {

        /** Copies the lists. */
        public Arm {
            folders = List.copyOf(folders);
            scores = List.copyOf(scores);
        }

        /** Accuracy on unseen symbols, all seeds together. */
        public Proportion unseen() {
            return pooled(score -> Optional.of(score.unseen().accuracy())).orElseThrow();
        }

        /** Accuracy on seen symbols, all seeds together. */
        public Proportion seen() {
            return pooled(score -> Optional.of(score.seen().accuracy())).orElseThrow();
        }

        /** Accuracy on unseen symbols among those of the string; empty for real labels. */
        public Optional<Proportion> amongSymbols() {
            return pooled(score -> score.unseen().amongSymbols());
        }

        /** Loss on unseen symbols, the mean over seeds. */
        public double loss() {
            return scores.stream()
                    .mapToDouble(score -> score.unseen().loss())
                    .average()
                    .orElseThrow();
        }

        private Optional<Proportion> pooled(Function<TaskScores, Optional<Accuracy>> which) {
            return scores.stream()
                    .map(which)
                    .flatMap(Optional::stream)
                    .map(Accuracy::proportion)
                    .reduce(Proportion::plus);
        }
    }

    /** Copies list and map. */
    public TaskCompareResult {
        arms = List.copyOf(arms);
        versions = Map.copyOf(versions);
    }

    /**
     * Pairs an arm with the first one, string by string and seed by seed.
     *
     * @throws IllegalArgumentException if they were not measured on the same strings
     */
    static Optional<McNemar> pair(List<Arm> before, List<TaskScores> scores) {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        List<McNemar> pairs = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            pairs.add(McNemar.of(before.get(0).scores().get(i).unseen(), scores.get(i).unseen()));
        }
        return pairs.stream().reduce(McNemar::plus);
    }

    /** What was measured, of the first arm. */
    public TaskEvaluation measured() {
        return arms.get(0).scores().get(0).unseen();
    }

    /** The text of {@code compare.json}. */
    public String json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 1);
        model.ifPresent(name -> node.put("model", name));
        node.put("task", measured().subject().task());
        node.put("task_sha256", measured().subject().taskSha256());
        node.put("labels", measured().labels().toString());
        node.put("samples", measured().samples());
        node.put("samples_sha256", measured().samplesSha256());
        node.put("seeds", arms.get(0).scores().size());
        setting.put(node);
        ArrayNode list = node.putArray("arms");
        arms.forEach(arm -> list.add(json(arm)));
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
        put(node, "accuracy_unseen", arm.unseen());
        put(node, "accuracy_seen", arm.seen());
        arm.amongSymbols().ifPresent(among -> put(node, "accuracy_unseen_among_symbols", among));
        node.put("loss_unseen", arm.loss());
        ArrayNode each = node.putArray("accuracy_unseen_per_seed");
        arm.scores().forEach(score -> each.add(score.unseen().accuracy().proportion().value()));
        arm.trainableParameters().ifPresent(n -> node.put("trainable_parameters", n));
        if (arm.seconds() > 0) {
            node.put("seconds", arm.seconds());
        }
        ArrayNode folders = node.putArray("folders");
        arm.folders().forEach(folder -> folders.add(folder.toString()));
        arm.against().ifPresent(pair -> node.set("against_first", json(pair)));
        return node;
    }

    private static void put(ObjectNode node, String key, Proportion share) {
        node.put(key, share.value());
        node.putArray(key + "_ci95").add(share.low()).add(share.high());
    }

    private static ObjectNode json(McNemar pair) {
        ObjectNode node = JSON.createObjectNode();
        node.put("both_right", pair.both());
        node.put("first_only", pair.firstOnly());
        node.put("second_only", pair.secondOnly());
        node.put("neither_right", pair.neither());
        node.put("difference", pair.difference());
        node.putArray("difference_ci95").add(pair.differenceLow()).add(pair.differenceHigh());
        node.put("mcnemar_p", pair.pValue());
        return node;
    }
}
