package org.diagonal.eval.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.diagonal.eval.kernel.RankedTasks.Correlation;
import org.diagonal.eval.kernel.RankedTasks.Entry;
import org.diagonal.eval.kernel.RankedTasks.Trained;
import org.diagonal.eval.kernel.math.Estimate;
import org.diagonal.eval.kernel.math.Estimator;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Outline;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.catalogue.Catalogue;

/**
 * Predicts for all tasks that networks have been trained on, by the closed form.
 *
 * @param setting the kernel
 * @param estimator points and seed
 * @param lambda the ridge
 * @param trained curves by task, besides the paper's that come with this
 * @param versions what computes
 */
public record RankingJob(
        Setting setting,
        Estimator estimator,
        double lambda,
        Map<String, List<TrainedCurve>> trained,
        Map<String, String> versions) {

    private static final String FILE = "paper-curves.json";
    private static final String NAMED = "named";

    /** Families whose tasks differ in what makes them hard. */
    private static final List<String> CONTENT = List.of(NAMED, "templates", "tokens");

    /** One point of the figure: a task or some draws of one, and its curves. */
    private record Subject(
            String name, String family, List<String> tasks, List<TrainedCurve> curves) {}

    /** How many steps it takes. */
    public int steps() throws IOException {
        return subjects().size();
    }

    /** Computes all of it. */
    public RankedTasks run(Workers workers, KernelJob.Steps steps) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Subject subject : subjects()) {
            entries.add(entry(subject, workers));
            steps.done(entries.size(), subject.name);
        }
        entries.sort(Comparator.comparingDouble(one -> one.needed().orElse(Double.MAX_VALUE)));
        return new RankedTasks(
                RankedTasks.FORM.version(),
                RankedTasks.KIND,
                setting,
                estimator.points(),
                estimator.shifts(),
                estimator.seed(),
                lambda,
                entries,
                correlations(entries),
                versions);
    }

    private List<Subject> subjects() throws IOException {
        Map<String, Subject> subjects = new LinkedHashMap<>();
        trained.forEach(
                (task, curves) -> {
                    List<TrainedCurve> plain =
                            curves.stream().filter(TrainedCurve::isPlainTransformer).toList();
                    if (!plain.isEmpty()) {
                        subjects.put(task, new Subject(task, NAMED, List.of(task), plain));
                    }
                });
        for (JsonNode node : paper()) {
            String name = node.path("name").asText();
            List<String> tasks = new ArrayList<>();
            node.path("tasks").forEach(task -> tasks.add(task.asText()));
            List<TrainedCurve> curves = new ArrayList<>(List.of(curve(node)));
            if (subjects.containsKey(name)) {
                curves.addAll(subjects.get(name).curves);
            }
            subjects.put(name, new Subject(name, node.path("family").asText(), tasks, curves));
        }
        return List.copyOf(subjects.values());
    }

    private static JsonNode paper() throws IOException {
        try (InputStream in = RankingJob.class.getResourceAsStream(FILE)) {
            return new JsonMapper().readTree(in).path("curves");
        }
    }

    private static TrainedCurve curve(JsonNode node) {
        List<TrainedCurve.Trained> points = new ArrayList<>();
        for (JsonNode point : node.path("points")) {
            points.add(
                    new TrainedCurve.Trained(
                            point.path(0).asInt(),
                            point.path(1).asDouble(),
                            OptionalDouble.of(point.path(2).asDouble())));
        }
        return new TrainedCurve(
                TrainedCurve.TRANSFORMER, Arm.NONE, true, OptionalInt.empty(), points);
    }

    private Entry entry(Subject subject, Workers workers) throws IOException {
        List<Double> needed = new ArrayList<>();
        List<Double> conditions = new ArrayList<>();
        Finding.State worst = Finding.State.RESOLVED;
        int templates = 0;
        for (String name : subject.tasks) {
            Outline outline = Outline.of(Catalogue.task(name));
            templates = outline.size();
            Estimate estimate = estimator.transformer(outline, setting, false, workers);
            Finding samples = estimate.samplesFor(TaskKernel.LEVEL, lambda);
            Finding smallest = estimate.smallest();
            if (samples.isResolved()) {
                needed.add(samples.value());
                conditions.add(estimate.largest() / smallest.value());
            } else {
                worst = samples.state();
            }
        }
        boolean enough = 2 * needed.size() > subject.tasks.size();
        boolean several = enough && subject.tasks.size() > 1;
        return new Entry(
                subject.name,
                subject.family,
                subject.tasks,
                templates,
                enough ? OptionalDouble.of(quantile(conditions, 0.5)) : OptionalDouble.empty(),
                enough ? OptionalDouble.of(quantile(needed, 0.5)) : OptionalDouble.empty(),
                several ? OptionalDouble.of(quantile(needed, 0.25)) : OptionalDouble.empty(),
                several ? OptionalDouble.of(quantile(needed, 0.75)) : OptionalDouble.empty(),
                enough ? Finding.State.RESOLVED : worst,
                subject.curves.stream().map(RankingJob::trained).toList());
    }

    private static Trained trained(TrainedCurve curve) {
        int most = curve.points().get(curve.points().size() - 1).n();
        return new Trained(
                curve.paper() ? "paper" : "ours",
                curve.paper(),
                curve.crossing(TaskKernel.LEVEL),
                most);
    }

    /** By linear interpolation between the values in order. */
    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.size() - 1, below + 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    private static List<Correlation> correlations(List<Entry> entries) {
        List<Correlation> correlations = new ArrayList<>();
        correlate("all tasks", entries, correlations);
        correlate(
                "named tasks, and random ones by templates and regular tokens",
                entries.stream().filter(one -> CONTENT.contains(one.family())).toList(),
                correlations);
        for (String family : List.of("templates", "wildcards", "length")) {
            correlate(
                    "random tasks by " + family,
                    entries.stream().filter(one -> one.family().equals(family)).toList(),
                    correlations);
        }
        return correlations;
    }

    private static void correlate(String over, List<Entry> entries, List<Correlation> into) {
        List<double[]> pairs = pairs(entries);
        if (pairs.size() > 2) {
            into.add(new Correlation(over, pairs.size(), spearman(pairs)));
        }
    }

    /** Predicted and trained by the paper, where both are numbers. */
    private static List<double[]> pairs(List<Entry> entries) {
        List<double[]> pairs = new ArrayList<>();
        for (Entry entry : entries) {
            OptionalDouble trained =
                    entry.trained().stream()
                            .filter(Trained::paper)
                            .flatMapToDouble(one -> one.needed().stream())
                            .findFirst();
            if (trained.isPresent() && entry.needed().isPresent()) {
                pairs.add(new double[] {entry.needed().getAsDouble(), trained.getAsDouble()});
            }
        }
        return pairs;
    }

    /** Pearson's correlation of ranks. */
    private static double spearman(List<double[]> pairs) {
        double[] x = new NaturalRanking().apply(pairs.stream().mapToDouble(p -> p[0]).toArray());
        double[] y = new NaturalRanking().apply(pairs.stream().mapToDouble(p -> p[1]).toArray());
        double mean = (pairs.size() + 1) / 2.0;
        double both = 0;
        double ofX = 0;
        double ofY = 0;
        for (int i = 0; i < x.length; i++) {
            both += (x[i] - mean) * (y[i] - mean);
            ofX += (x[i] - mean) * (x[i] - mean);
            ofY += (y[i] - mean) * (y[i] - mean);
        }
        return both / Math.sqrt(ofX * ofY);
    }
}
