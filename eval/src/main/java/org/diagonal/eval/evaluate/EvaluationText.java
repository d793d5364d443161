package org.diagonal.eval.evaluate;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.report.terminal.Words;

/** A perplexity for the terminal: the figure, and all that it depends on. */
public final class EvaluationText {

    private EvaluationText() {}

    private static String words(OptionalDouble perplexity) {
        return perplexity.isPresent()
                ? String.format(Locale.ROOT, "%.4f", perplexity.getAsDouble())
                : "more than 1.8e308";
    }

    /** Prints a measurement; flushes. */
    public static void write(Evaluation evaluation, PrintWriter out) {
        line(out, "Perplexity", "%.4f", evaluation.perplexity());
        line(
                out,
                "Nats",
                "%.6f a token, %,.1f in all",
                evaluation.nats() / evaluation.targets(),
                evaluation.nats());
        if (evaluation.hasWords()) {
            line(out, "Word perplexity", "%s", words(evaluation.wordPerplexity()));
        }
        if (evaluation.hasBytes()) {
            line(out, "Byte perplexity", "%s", words(evaluation.bytePerplexity()));
        }
        evaluation.bitsPerByte().ifPresent(value -> line(out, "Bits per byte", "%.4f", value));
        if (evaluation.hasPagePerplexity()) {
            line(out, "Hugging Face's", "%s", words(evaluation.huggingfacePagePerplexity()));
            line(out, "", "perplexity as their page computes it: each window but the first");
            line(out, "", "weighs one token less than it scores");
        }
        out.println();
        line(
                out,
                "Protocol",
                "%s, blocks of %d%s",
                evaluation.protocol(),
                evaluation.blockSize(),
                evaluation.stride().isPresent()
                        ? ", stride " + evaluation.stride().getAsInt()
                        : "");
        line(out, "Model", "%s", evaluation.provenance().model().title());
        line(out, "Text", "%s", evaluation.provenance().data());
        line(
                out,
                "",
                "%s, %,d tokens, %,d scored",
                Words.count(evaluation.documents(), "article"),
                evaluation.tokens(),
                evaluation.targets());
        line(out, "Text SHA-256", "%s", evaluation.provenance().dataSha256());
        line(out, "Time", "%.1f s", evaluation.seconds());
        out.flush();
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-16s" + format + "%n", prepend(name, values));
    }

    private static Object[] prepend(String name, Object... values) {
        Object[] all = new Object[values.length + 1];
        all[0] = name;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }
}
