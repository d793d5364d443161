package org.diagonal.plugin.onnx;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;

/**
 * What ONNX Runtime computes of an exported file, beside what DJL computes of the network: for one
 * row and for two, padded on the left, of lengths 1, 7 and the whole context, at once and in steps
 * with the cache.
 *
 * @param tolerance what a difference may be, to which 1e-5 of the logit's size is added; any number
 *     for quantized files, which are measured: they need only give numbers
 * @param checks what was compared
 */
public record Verification(double tolerance, List<Check> checks) {

    /** What a quantized file may differ by. */
    static final double ANY = Float.MAX_VALUE;

    /** Copies the list. */
    public Verification {
        checks = List.copyOf(checks);
    }

    /**
     * One comparison.
     *
     * @param name what was computed
     * @param difference the largest of a logit; infinite if one is not a number
     * @param passes whether every difference is within the tolerance
     * @param tokens positions whose most likely tokens were compared; 0 where none were
     * @param sameTokens those at which both chose the same
     */
    public record Check(
            String name, double difference, boolean passes, long tokens, long sameTokens) {}

    /** Whether every difference is within the tolerance. */
    public boolean passes() {
        return checks.stream().allMatch(Check::passes);
    }

    /** The largest difference of all. */
    public double difference() {
        return checks.stream().mapToDouble(Check::difference).max().orElse(0);
    }

    /** Whether the file was measured, not held to a tolerance. */
    public boolean measures() {
        return tolerance == ANY;
    }

    /** The positions whose most likely tokens were compared. */
    public long tokens() {
        return checks.stream().mapToLong(Check::tokens).sum();
    }

    /**
     * The share of positions at which file and network find the same token most likely; 1 where
     * tokens were not compared.
     */
    public double sameTokens() {
        long same = checks.stream().mapToLong(Check::sameTokens).sum();
        return tokens() == 0 ? 1 : (double) same / tokens();
    }

    /**
     * Compares a file with a network.
     *
     * @param opened the file, which is waited for when DJL has computed its part
     * @throws IOException if the file cannot be opened
     */
    static Verification of(Reference reference, Ahead<OnnxModel> opened, double tolerance)
            throws IOException {
        int context = reference.context();
        int length = Math.min(Reference.SHORT, context);
        int padding = length / 2;
        Rows one = new Rows(1, 1, 0);
        Rows some = new Rows(1, length, 0);
        Rows padded = new Rows(2, length, padding);
        Rows whole = new Rows(1, context, 0);
        List.of(one, some, padded, whole).forEach(reference::of);
        Run run = new Run(opened.get(), reference, tolerance);
        List<Check> checks = new ArrayList<>();
        for (Rows rows : new LinkedHashSet<>(List.of(one, some, padded))) {
            checks.add(run.check(rows, List.of(rows.length())));
        }
        if (run.model.hasCache() && context > 1) {
            int first = padding + 1; // a row that is all padding says nothing
            List<Integer> steps = new ArrayList<>(List.of(first));
            IntStream.range(first, length).forEach(i -> steps.add(1));
            checks.add(run.check(some, steps));
            checks.add(run.check(padded, steps));
        }
        if (context > length) {
            checks.addAll(run.checkWhole(whole, length));
        }
        return new Verification(tolerance, checks);
    }

    /** One file, and what is expected of it. */
    private record Run(OnnxModel model, Reference reference, double tolerance) {

        Check check(Rows rows, List<Integer> steps) {
            Comparison comparison = new Comparison(tolerance);
            long[] ids = reference.ids(rows);
            List<FloatBuffer> expected = reference.of(rows);
            int from = 0;
            List<OnnxStep> past = List.of();
            for (int count : steps) {
                OnnxStep step = rows.run(model, ids, from, count, past);
                past.forEach(OnnxStep::close);
                past = List.of(step);
                compare(step, rows, from, count, expected, comparison);
                from += count;
            }
            past.forEach(OnnxStep::close);
            return comparison.check(rows.words(steps));
        }

        /**
         * The whole context at once; and with a cache its last positions again, after those before
         * as they stand in that cache: the first part is not computed twice.
         */
        List<Check> checkWhole(Rows rows, int last) {
            List<Check> checks = new ArrayList<>();
            long[] ids = reference.ids(rows);
            List<FloatBuffer> expected = reference.of(rows);
            int before = rows.length() - last;
            try (OnnxStep whole = rows.run(model, ids, 0, rows.length(), List.of())) {
                Comparison atOnce = new Comparison(tolerance);
                compare(whole, rows, 0, rows.length(), expected, atOnce);
                checks.add(atOnce.check(rows.words(List.of(rows.length()))));
                if (model.hasCache()) {
                    Comparison cached = new Comparison(tolerance);
                    try (OnnxStep past = model.first(whole, before);
                            OnnxStep rest = rows.run(model, ids, before, last, List.of(past))) {
                        compare(rest, rows, before, last, expected, cached);
                    }
                    checks.add(cached.check(rows.words(List.of(before, last))));
                }
            }
            return checks;
        }

        /** Compares what a step says of positions that are no padding. */
        private void compare(
                OnnxStep step,
                Rows rows,
                int from,
                int count,
                List<FloatBuffer> expected,
                Comparison comparison) {
            int size = model.outputs();
            FloatBuffer said = step.logits();
            for (int row = 0; row < rows.batch(); row++) {
                FloatBuffer all = expected.get(row);
                if (model.readsLastAlone()) {
                    comparison.add(said.slice(row, 1), all);
                    continue;
                }
                int begin = Math.max(from, rows.padding(row));
                int positions = from + count - begin;
                int skipped = row * count + begin - from;
                FloatBuffer ours = said.slice(skipped * size, positions * size);
                FloatBuffer theirs =
                        all.slice((begin - rows.padding(row)) * size, positions * size);
                comparison.add(ours, theirs);
                if (tolerance == ANY) {
                    comparison.addTokens(ours, theirs, size);
                }
            }
        }
    }
}
