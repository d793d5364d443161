package org.diagonal.eval.ablate;

import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.ablate.Ablation.Single;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.Rounding;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/**
 * Measurements in words: perplexity and its change in per cent on a text; accuracy on unseen
 * symbols and its change in points on a task.
 */
record ChangeWords(boolean task) {

    /** What is measured. */
    String measure() {
        return task ? "accuracy on unseen symbols" : "perplexity";
    }

    /** What changes are in. */
    String unit() {
        return task ? "points" : "%";
    }

    /** What the colours of a map of changes mean. */
    String colours() {
        return task ? "Orange: more answers are right." : "Blue: perplexity falls.";
    }

    /** The measured value: a perplexity, or a share. */
    double value(Scores scores) {
        return task ? scores.accuracy().orElseThrow() : scores.perplexity().orElseThrow();
    }

    /** The measured value for readers. */
    String words(Scores scores) {
        return task
                ? Written.fixed(100 * value(scores), 1) + " %"
                : Written.fixed(value(scores), value(scores) < 100 ? 4 : 2);
    }

    Cell cell(Scores scores) {
        return Cell.of(words(scores), value(scores));
    }

    /** A change in per cent or points. */
    double size(Change change) {
        return size(change.value());
    }

    private double size(double value) {
        return 100 * (task ? value : value - 1);
    }

    private int decimals(Change change) {
        return Rounding.decimals(ends(change), task ? 1 : 2);
    }

    private Interval ends(Change change) {
        return change.ci95().map(this::size);
    }

    /** A change without its unit. */
    String number(Change change) {
        return Rounding.signed(size(change), decimals(change));
    }

    /** Both ends of its interval without their unit. */
    String ends(Change change, String between) {
        Interval ends = ends(change);
        int decimals = decimals(change);
        return Rounding.signed(ends.low(), decimals)
                + between
                + Rounding.signed(ends.high(), decimals);
    }

    Cell cell(Change change) {
        return Cell.of(number(change), size(change));
    }

    /** Where nothing changes anywhere, an interval would have no length. */
    Cell interval(Change change) {
        if (change.ci95().low() == change.ci95().high()) {
            boolean none = change.value() == (task ? 0 : 1);
            String all = none ? "no answer changes" : "every answer changes";
            return Cell.of(task ? all : none ? "no change" : "all change alike");
        }
        return Cell.of(ends(change, " to "));
    }

    /** Such as {@code +0.34 % (95 % interval +0.10 to +0.59 %)}. */
    String sentence(Change change) {
        return "%s %s (95 %% interval %s %s)"
                .formatted(number(change), unit(), ends(change, " to "), unit());
    }

    /** Whether the interval leaves out no change. */
    boolean isSignificant(Change change) {
        return !change.ci95().contains(task ? 0 : 1);
    }

    /** Such as {@code a of head 0.1 (0.381)}. */
    static String name(Single one) {
        return "%s of head %s (%s)"
                .formatted(one.circuit().letter(), one.place(), Written.fixed(one.learned(), 3));
    }
}
