package org.diagonal.eval.kernel.math;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.kernel.numeric.GaussHermite;
import org.diagonal.eval.kernel.numeric.Lattice;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.Cut;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Wildcard;

/** Tasks and kernels that tests share. */
final class Kernels {

    static final Setting PLAIN = new Setting(1, 1, 1, 0, false, Phi.COS, 1, Math.PI / 4);
    static final double RIDGE = 1e-4;

    private Kernels() {}

    static Outline outline(String task) {
        try {
            return Outline.of(Catalogue.task(task));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A task of characters with labels 1, −1, 1 … */
    static Task task(String wildcards, String... templates) {
        List<Real> labels =
                java.util.stream.IntStream.range(0, templates.length)
                        .mapToObj(i -> new Real(i % 2 == 0 ? 1 : -1))
                        .toList();
        return Task.uniform(
                "test",
                "A test.",
                "nowhere",
                Cut.CHARACTERS,
                wildcards.chars().mapToObj(c -> new Wildcard("" + (char) c)).toList(),
                List.of(templates),
                labels);
    }

    static Setting depth1(double beta, double gamma, double a) {
        return new Setting(1, beta, gamma, a, false, Phi.COS, 1, Math.PI / 4);
    }

    static Setting depth2(double a, boolean masked) {
        return new Setting(2, 1, 1, a, masked, Phi.COS, 1, Math.PI / 4);
    }

    static Estimate estimate(String task, Setting setting, int points, int shifts) {
        return estimate(outline(task), setting, points, shifts);
    }

    static Estimate estimate(Outline outline, Setting setting, int points, int shifts) {
        try (Workers workers = new Workers(1)) {
            return new Estimator(points, shifts, 7).transformer(outline, setting, true, workers);
        }
    }

    static TemplateKernel kernel(Outline outline, Setting setting, int points) {
        Patterns patterns = new Patterns(outline.mostWildcards());
        Nested nested = nested(outline, setting);
        PairTable table = new PairTable(outline, setting, patterns);
        return new TemplateKernel(
                outline,
                setting,
                nested.over(new Lattice(points, nested.dimensions()).normals(1, 1), new double[0]),
                Optional.of(table.over(new Lattice(points, table.dimensions()).normals(1, 2))));
    }

    private static Nested nested(Outline outline, Setting setting) {
        return new Nested(outline, setting, w -> GaussHermite.forBeta(w, setting.beta(), 1));
    }

    static Attention kernelAttention(Outline outline, Setting setting, int points) {
        Nested nested = nested(outline, setting);
        return nested.over(new Lattice(points, nested.dimensions()).normals(1, 1), new double[0]);
    }
}
