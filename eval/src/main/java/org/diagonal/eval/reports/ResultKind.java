package org.diagonal.eval.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation;
import org.diagonal.eval.ablate.AblationPage;
import org.diagonal.eval.compare.ComparisonFile;
import org.diagonal.eval.compare.ComparisonPage;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurvePage;
import org.diagonal.eval.inspect.Inspection;
import org.diagonal.eval.inspect.InspectionPage;
import org.diagonal.eval.kernel.KernelPage;
import org.diagonal.eval.kernel.TaskKernel;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.sweep.Sweep;
import org.diagonal.eval.sweep.SweepPage;

/**
 * The experiments: the file by which the folder of each is known, and its page. Trainings, which
 * other results hold, too, are not among them.
 */
enum ResultKind {
    COMPARISON(ComparisonFile.NAME, ComparisonPage::of),
    CURVE(Curve.FORM.file(), CurvePage::of),
    SWEEP(Sweep.FORM.file(), SweepPage::of),
    KERNEL(TaskKernel.FILE, KernelPage::of),
    INSPECTION(Inspection.FORM.file(), InspectionPage::of),
    ABLATION(Ablation.FORM.file(), AblationPage::of);

    /** Makes the page of a folder. */
    @FunctionalInterface
    private interface Reader {
        Page of(Path folder, String id) throws IOException;
    }

    private final String file;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Reader page;

    ResultKind(String file, Reader page) {
        this.file = file;
        this.page = page;
    }

    /** The kind of a folder's result, if it holds one. */
    static Optional<ResultKind> in(Path folder) {
        return Arrays.stream(values()).filter(kind -> Files.exists(kind.file(folder))).findFirst();
    }

    /** The names of all files. */
    static List<String> files() {
        return Arrays.stream(values()).map(kind -> kind.file).toList();
    }

    /** The result's file in a folder. */
    Path file(Path folder) {
        return folder.resolve(file);
    }

    /** The page of a folder's result. */
    Page page(Path folder, String id) throws IOException {
        return page.of(folder, id);
    }

    /** Such as {@code comparison}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
