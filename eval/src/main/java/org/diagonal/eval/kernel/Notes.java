package org.diagonal.eval.kernel;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.report.page.Written;

/** What must be known of a kernel's numbers, in sentences. */
final class Notes {

    /** What the numbers mean and what they do not. */
    static final List<String> SCOPE =
            List.of(
                    "From the paper: the kernel of one layer, N, the condition that N is nonsingular, and ridge regression. Added here: the values of N with their errors, the exact reduction to as many numbers as there are templates, the closed form, the number of samples.",
                    "The closed form holds where no two samples share a symbol; drawn samples share some, which helps this kernel. Networks that are trained learn features, which the kernel of random features does not: levels differ, the order of tasks is what it predicts.");

    private Notes() {}

    /** A kernel by its a. */
    static String name(Setting kernel, double a) {
        return (kernel.depth() == 2 ? "2 layers, " : "") + "a = " + Written.setting(a);
    }

    /** What of it is no part of the paper, if anything. */
    static Optional<String> extension(TaskKernel result) {
        boolean scaled = result.sweep().stream().anyMatch(one -> one.a() != 0);
        if (result.kernel().depth() == 2) {
            return Optional.of(
                    "Extension, not in the paper: the kernel of two layers is this project's, with residual connections, normalised tokens and the same a in all heads.");
        }
        if (!scaled) {
            return Optional.empty();
        }
        return Optional.of(
                result.kernel().maskDiagonal()
                        ? "At depth 1 only [CLS]'s row is read, and [CLS] equals no other token: with a masked diagonal a has no effect."
                        : "Extension, not in the paper: a in the kernel. At depth 1 only [CLS]'s row is read, so a moves weight to or from [CLS] and never shows which symbols are equal; a depth of 2 does.");
    }
}
