package org.diagonal.eval.evaluate;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.report.terminal.Lines;
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
        Lines lines = new Lines(out, 16);
        lines.line("Perplexity", "%.4f", evaluation.perplexity());
        lines.line(
                "Nats",
                "%.6f a token, %,.1f in all",
                evaluation.nats() / evaluation.targets(),
                evaluation.nats());
        if (evaluation.hasWords()) {
            lines.line("Word perplexity", words(evaluation.wordPerplexity()));
        }
        if (evaluation.hasBytes()) {
            lines.line("Byte perplexity", words(evaluation.bytePerplexity()));
        }
        evaluation.bitsPerByte().ifPresent(value -> lines.line("Bits per byte", "%.4f", value));
        if (evaluation.hasPagePerplexity()) {
            lines.line("Hugging Face's", words(evaluation.huggingfacePagePerplexity()));
            lines.line("", "perplexity as their page computes it: each window but the first");
            lines.line("", "weighs one token less than it scores");
        }
        out.println();
        lines.line(
                "Protocol",
                "%s, blocks of %d%s",
                evaluation.protocol(),
                evaluation.blockSize(),
                evaluation.stride().isPresent()
                        ? ", stride " + evaluation.stride().getAsInt()
                        : "");
        lines.line("Model", evaluation.provenance().model().title());
        lines.line("Text", evaluation.provenance().data());
        lines.line(
                "",
                "%s, %,d tokens, %,d scored",
                Words.count(evaluation.documents(), "article"),
                evaluation.tokens(),
                evaluation.targets());
        lines.line("Text SHA-256", evaluation.provenance().dataSha256());
        lines.line("Time", "%.1f s", evaluation.seconds());
        out.flush();
    }
}
