package org.diagonal.eval.kernel;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.CopyKernel.Half;
import org.diagonal.eval.kernel.CopyKernel.Rate;
import org.diagonal.eval.kernel.CopyKernel.Share;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;

/** Copying for the terminal. */
public final class CopyText {

    private static final int WIDTH = 80;

    private CopyText() {}

    /** Prints tables; flushes. */
    public static void write(CopyKernel result, PrintWriter out) {
        out.println("Change of the loss per unit of time, at the start of training");
        out.println();
        TextTable rates =
                new TextTable(
                        "Width d", "n", "Seen", "Unseen", "-1/d + γ²/m", "Seen, b", "Unseen, b");
        for (Rate rate : result.rates()) {
            rates.row(
                    Say.count(rate.width()),
                    Say.count(rate.n()),
                    Say.brief(rate.seen()),
                    Say.brief(rate.unseen()) + " ± " + Say.error(rate.unseenError()),
                    Say.brief(rate.unseenTheory()),
                    Say.brief(rate.seenB()),
                    Say.brief(rate.unseenB()));
        }
        rates.write(out);
        out.println();
        shares(result, out);
        if (!result.halves().isEmpty()) {
            out.println();
            halves(result, out);
        }
        out.println();
        Words.wrapped(
                        "Extension, not in the paper: the rates and the share n / (n + d) of training's progress that reaches an unseen symbol; they speak of the start of training (m = %s tokens, γ = %s, %d networks, seed %d)."
                                .formatted(
                                        Say.count(result.tokens()),
                                        Say.setting(result.gamma()),
                                        result.networks(),
                                        result.seed()),
                        WIDTH)
                .forEach(out::println);
        out.flush();
    }

    private static void shares(CopyKernel result, PrintWriter out) {
        out.println("Share n / (n + d) of training's progress that reaches an unseen symbol");
        out.println();
        List<Integer> widths = result.shares().stream().map(Share::width).distinct().toList();
        List<String> header = new ArrayList<>(List.of("n"));
        widths.forEach(width -> header.add("d = " + width));
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (int n : result.shares().stream().map(Share::n).distinct().toList()) {
            List<String> row = new ArrayList<>(List.of(Say.count(n)));
            result.shares().stream()
                    .filter(share -> share.n() == n)
                    .forEach(share -> row.add(Say.loss(share.share())));
            table.row(row.toArray(String[]::new));
        }
        table.write(out);
    }

    private static void halves(CopyKernel result, PrintWriter out) {
        out.println("Where the error of trained networks without b crosses a half");
        out.println();
        TextTable table = new TextTable("Curve", "Width d", "n", "n / d");
        for (Half half : result.halves()) {
            table.row(
                    half.curve(), Say.count(half.width()), words(half.n()), words(half.perWidth()));
        }
        table.write(out);
    }

    private static String words(OptionalDouble value) {
        return value.isPresent() ? Say.brief(value.getAsDouble()) : "stays above";
    }
}
