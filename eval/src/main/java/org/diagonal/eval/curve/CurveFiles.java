package org.diagonal.eval.curve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.diagonal.eval.measure.accuracy.MeanAccuracy;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.task.Arm;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.JsonFile;

/**
 * {@code curve.csv} and {@code curve.json}, both with the paper's own curves beside ours.
 *
 * <p>Version 2: intervals are Student's over the trials; version 1 counted the strings of all
 * trials as one sample.
 */
final class CurveFiles {

    static final String CSV = "curve.csv";
    static final String JSON = "curve.json";

    private static final int VERSION = 2;
    private static final String SETTINGS = "settings";

    private static final String[] HEADER = {
        "task",
        "network",
        "arm",
        "n",
        "trials",
        "metric",
        "mean",
        "stderr",
        "ci95_low",
        "ci95_high",
        "accuracy_unseen",
        "accuracy_unseen_low",
        "accuracy_unseen_high",
        "accuracy_seen",
        "accuracy_seen_low",
        "accuracy_seen_high",
        "seconds",
        "paper_figure",
        "paper_mean",
        "paper_stderr"
    };

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setHeader(HEADER).get();

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private CurveFiles() {}

    /**
     * Refuses a folder whose curve is of something else. Arms, n and trials may be others: the
     * trials of both stay.
     *
     * @throws IllegalArgumentException naming the first thing that differs and both values
     */
    static void requireSame(Path folder, CurvePlan plan) throws IOException {
        if (Files.exists(folder.resolve(JSON))) {
            JsonNode before = JsonFile.read(folder.resolve(JSON));
            if (before.path("version").asInt() < VERSION) {
                throw new SettingException(
                        folder
                                + " holds a curve of an earlier version, whose trials drew their"
                                + " batches in another way; choose another folder",
                        Setting.OUT);
            }
            requireSame(folder, settings(plan), before.path(SETTINGS), "");
        }
    }

    private static void requireSame(Path folder, JsonNode wanted, JsonNode before, String path) {
        if (!wanted.isObject()) {
            String value = wanted.asText("none");
            if (!value.equals(before.asText("none"))) {
                throw new SettingException(
                        "%s holds a curve with %s %s, not %s; choose another folder"
                                .formatted(folder, path, before.asText("none"), value),
                        Setting.OUT);
            }
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        wanted.fieldNames().forEachRemaining(names::add);
        before.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String below = path.isEmpty() ? name : path + "." + name;
            requireSame(folder, wanted.path(name), before.path(name), below);
        }
    }

    /** What all trials share. */
    private static ObjectNode settings(CurvePlan plan) {
        ObjectNode node = MAPPER.createObjectNode();
        node.set("task", Trial.json(plan.task()));
        node.set("network", Trial.json(plan.network()));
        node.put("seed", plan.seed());
        node.putObject("training")
                .put("epochs", plan.training().epochs())
                .put("batch_size", plan.training().batchSize())
                .put("lr", plan.training().lr())
                .put("scalings_lr", plan.training().scalingsLr());
        node.putObject("samples")
                .put("valid", plan.samples().valid())
                .put("valid_alphabet", plan.samples().validAlphabet())
                .put("test", plan.samples().test())
                .put("test_alphabet", plan.samples().testAlphabet());
        return node;
    }

    /** Writes both files. */
    static void write(Path folder, CurveResult result, ReferenceFigures paper) throws IOException {
        AtomicFiles.writeString(folder.resolve(CSV), csv(result, paper));
        AtomicFiles.writeString(folder.resolve(JSON), json(result, paper));
    }

    private static String csv(CurveResult result, ReferenceFigures paper) throws IOException {
        StringWriter text = new StringWriter();
        CurvePlan plan = result.plan();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (CurveResult.Point point : result.points()) {
                Optional<ReferenceFigures.Curve> curve =
                        paper.find(plan.task(), plan.network(), point.arm());
                Optional<ReferenceFigures.Point> beside = curve.flatMap(c -> c.at(point.n()));
                MeanAccuracy unseen = point.unseen();
                MeanAccuracy seen = point.seen();
                printer.printRecord(
                        plan.task().name(),
                        plan.network().name(),
                        point.arm(),
                        point.n(),
                        point.trials().size(),
                        result.metric(),
                        point.mean(),
                        point.stderr().isPresent() ? point.stderr().getAsDouble() : "",
                        point.ci95().<Object>map(Interval::low).orElse(""),
                        point.ci95().<Object>map(Interval::high).orElse(""),
                        unseen.value(),
                        unseen.ci95().low(),
                        unseen.ci95().high(),
                        seen.value(),
                        seen.ci95().low(),
                        seen.ci95().high(),
                        point.seconds(),
                        curve.map(ReferenceFigures.Curve::figure).orElse(""),
                        beside.<Object>map(ReferenceFigures.Point::value).orElse(""),
                        beside.<Object>map(ReferenceFigures.Point::stderr).orElse(""));
            }
        }
        return text.toString();
    }

    private static String json(CurveResult result, ReferenceFigures paper) throws IOException {
        CurvePlan plan = result.plan();
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", VERSION);
        root.set(SETTINGS, settings(plan));
        root.put("trials", plan.trials());
        root.put("metric", result.metric());
        root.put("threshold", CurveResult.THRESHOLD);
        ArrayNode arms = root.putArray("arms");
        for (Arm arm : plan.arms()) {
            ObjectNode node = arms.addObject();
            node.put("arm", arm.toString());
            result.firstBelow(arm).ifPresent(n -> node.put("first_n_below", n));
            ArrayNode points = node.putArray("points");
            result.of(arm).forEach(point -> points.add(json(result, point)));
            paper.find(plan.task(), plan.network(), arm)
                    .ifPresent(curve -> node.set("paper", json(curve)));
        }
        root.put("paper_source", paper.source());
        ArrayNode commits = root.putArray("commits");
        result.points().stream()
                .flatMap(point -> point.trials().stream())
                .map(trial -> trial.versions().getOrDefault("commit", ""))
                .distinct()
                .sorted()
                .forEach(commits::add);
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static ObjectNode json(CurveResult result, CurveResult.Point point) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("n", point.n());
        node.put("mean", point.mean());
        point.stderr().ifPresent(stderr -> node.put("stderr", stderr));
        point.ci95().ifPresent(ends -> put(node, "ci95", ends));
        ArrayNode values = node.putArray("values");
        point.trials().forEach(trial -> values.add(trial.figure()));
        put(node, "accuracy_unseen", point.unseen());
        put(node, "accuracy_seen", point.seen());
        Arm first = result.plan().arms().get(0);
        if (point.arm() != first) {
            List<Double> differences = point.differences(result.at(first, point.n()));
            ObjectNode against = node.putObject("against_first");
            against.put("difference", PairedEstimate.mean(differences));
            PairedEstimate.interval(differences)
                    .ifPresent(ends -> put(against, "difference_ci95", ends));
            ArrayNode each = against.putArray("values");
            differences.forEach(each::add);
        }
        node.put("seconds", point.seconds());
        return node;
    }

    private static void put(ObjectNode node, String key, MeanAccuracy share) {
        node.put(key, share.value());
        put(node, key + "_ci95", share.ci95());
        ArrayNode values = node.putArray(key + "_values");
        share.perSeed().forEach(values::add);
    }

    private static void put(ObjectNode node, String key, Interval ends) {
        node.putArray(key).add(ends.low()).add(ends.high());
    }

    private static ObjectNode json(ReferenceFigures.Curve curve) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("figure", curve.figure());
        node.put("shown", curve.paper());
        curve.firstBelow(CurveResult.THRESHOLD).ifPresent(n -> node.put("first_n_below", n));
        if (!curve.note().isEmpty()) {
            node.put("note", curve.note());
        }
        ObjectNode sizes = node.putObject("sizes");
        curve.sizes().forEach(sizes::put);
        List<ReferenceFigures.Point> all = curve.points();
        ArrayNode points = node.putArray("points");
        all.forEach(
                point ->
                        points.addObject()
                                .put("n", point.n())
                                .put("mean", point.value())
                                .put("stderr", point.stderr()));
        return node;
    }
}
