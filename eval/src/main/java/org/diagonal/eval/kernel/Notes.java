package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.kernel.TaskKernel.Choice;

/** What must be known of a kernel's numbers, in sentences. */
final class Notes {

    private Notes() {}

    /** A kernel by its a. */
    static String name(Choice kernel, double a) {
        return (kernel.depth() == 2 ? "2 layers, " : "") + "a = " + Say.setting(a);
    }

    /** All that holds. */
    static List<String> of(TaskKernel result) {
        List<String> notes = new ArrayList<>();
        verdict(result, notes);
        notes.add(
                "Kernel: K(x, x') of %s layer%s of random weights, φ(t) = %s, β=%s, γ=%s, λ=%s; %d shifts of %s points, seed %d; ± are standard errors over shifts%s."
                        .formatted(
                                result.kernel().depth() == 1 ? "one" : "two",
                                result.kernel().depth() == 1 ? "" : "s",
                                phi(result.kernel()),
                                Say.setting(result.kernel().beta()),
                                Say.setting(result.kernel().gamma()),
                                Say.setting(result.lambda()),
                                result.shifts(),
                                Say.count(result.points()),
                                result.seed(),
                                result.trials() == 0
                                        ? ""
                                        : " or over %d draws of samples"
                                                .formatted(result.trials())));
        extension(result, notes);
        return notes;
    }

    private static String phi(Choice kernel) {
        return kernel.phi().equals("cos")
                ? "cos(%st + %.4g)"
                        .formatted(
                                kernel.b1() == 1 ? "" : Say.setting(kernel.b1()) + " ", kernel.b2())
                : kernel.phi();
    }

    private static void verdict(TaskKernel result, List<String> notes) {
        if (result.singular().isPresent()) {
            List<String> pair = result.singular().get();
            notes.add(
                    "Singular: this kernel cannot tell %s from %s, so no number of samples is enough to tell their labels apart."
                            .formatted(pair.get(0), pair.get(1)));
        } else if (result.lambdaMin().isEmpty()) {
            notes.add(
                    "Not resolved: the smallest eigenvalue of N is within three standard errors of 0; more points may resolve it.");
        } else {
            notes.add(
                    "N is nonsingular, so ridge regression with this kernel learns the task on unseen symbols (Lemma 4.5).");
        }
    }

    private static void extension(TaskKernel result, List<String> notes) {
        boolean scaled = result.sweep().stream().anyMatch(one -> one.a() != 0);
        if (result.kernel().depth() == 2) {
            notes.add(
                    "Extension, not in the paper: the kernel of two layers is this project's, with residual connections, normalised tokens and the same a in all heads.");
        } else if (scaled && result.kernel().maskDiagonal()) {
            notes.add(
                    "At depth 1 only [CLS]'s row is read, and [CLS] equals no other token: with a masked diagonal a has no effect.");
        } else if (scaled) {
            notes.add(
                    "Extension, not in the paper: a in the kernel. At depth 1 only [CLS]'s row is read, so a moves weight to or from [CLS] and never shows which symbols are equal; a depth of 2 does.");
        }
    }

    /** The bounds of what the numbers mean, for the page. */
    static List<String> scope(TaskKernel result) {
        List<String> notes = new ArrayList<>();
        notes.add(
                "From the paper: the kernel of one layer, N, the condition that N is nonsingular, and ridge regression. Added here: the values of N with their errors, the exact reduction to as many numbers as there are templates, the closed form, the number of samples.");
        notes.add(
                "The closed form holds where no two samples share a symbol; drawn samples share some, which helps this kernel. Networks that are trained learn features, which the kernel of random features does not: levels differ, the order of tasks is what it predicts.");
        extension(result, notes);
        return notes;
    }
}
