package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.eval.curve.ReferenceFigures;
import org.diagonal.eval.kernel.TrainedCurve;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;

/** The paper's curves as those that a prediction is shown beside. */
final class PaperCurves {

    private PaperCurves() {}

    /** The paper's curves of a task, from scratch. */
    static List<TrainedCurve> of(String task) {
        List<TrainedCurve> curves = new ArrayList<>();
        for (ReferenceFigures.Curve curve : ReferenceFigures.bundled().curves()) {
            if (curve.task().equals(task) && curve.pretrained().isEmpty()) {
                Integer width = curve.sizes().get("width");
                curves.add(
                        new TrainedCurve(
                                curve.network(),
                                curve.arm(),
                                true,
                                width == null ? OptionalInt.empty() : OptionalInt.of(width),
                                curve.points().stream().map(PaperCurves::point).toList()));
            }
        }
        return curves;
    }

    private static TrainedCurve.Trained point(ReferenceFigures.Point point) {
        return new TrainedCurve.Trained(
                point.n(), point.value(), OptionalDouble.of(point.stderr()));
    }

    /**
     * The paper's curves of all tasks with real labels, and those of some folders, by task.
     *
     * @throws java.nio.file.FileSystemException if a folder holds no curve, or one of a task that
     *     has changed since
     */
    static Map<String, List<TrainedCurve>> all(List<Path> folders) throws IOException {
        Map<String, List<TrainedCurve>> curves = new LinkedHashMap<>();
        for (ReferenceFigures.Curve curve : ReferenceFigures.bundled().curves()) {
            String task = curve.task();
            if (Catalogue.task(task).kind() == LabelKind.REAL) {
                curves.computeIfAbsent(task, any -> new ArrayList<>(of(task)));
            }
        }
        for (Path folder : folders) {
            TrainedCurve.OfTask found = TrainedCurve.read(folder);
            if (Catalogue.task(found.name()).kind() == LabelKind.REAL) {
                List<TrainedCurve> ours =
                        TrainedCurve.read(
                                List.of(folder), TemplateTrials.task(found.name()).sha256());
                curves.computeIfAbsent(found.name(), any -> new ArrayList<>()).addAll(ours);
            }
        }
        curves.replaceAll((task, all) -> TrainedCurve.distinct(all));
        return curves;
    }
}
