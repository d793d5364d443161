package org.diagonal.templates.alphabet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Randomness;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Substitution;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Wildcard;

/**
 * Strings drawn from a task (Definitions 3.2 and J.1), by number: a template by its probability,
 * different symbols of one alphabet for its wildcards, a label. Strings may repeat. The same seed
 * draws the same samples on every machine, and the first n of more are those of n. Immutable and
 * safe for many threads.
 */
public final class Samples {

    private final Alphabets alphabets;
    private final Alphabet alphabet;
    private final int[][] rows; // of each template, holes negative
    private final int[] symbolIds;
    private final int stride; // symbols kept for each sample
    private final int[] templates;
    private final int[] symbols; // numbers in the alphabet
    private final double[] labels; // empty for symbolic ones

    private Samples(Alphabets alphabets, Role role, int count) {
        this.alphabets = alphabets;
        this.alphabet = alphabets.alphabet(role);
        this.rows =
                alphabets.rows().stream()
                        .map(row -> row.ids().stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
        this.symbolIds = alphabet.symbols().stream().mapToInt(Symbol::id).toArray();
        this.stride = alphabets.task().mostWildcards();
        this.templates = new int[count];
        this.symbols = new int[Math.multiplyExact(count, stride)];
        boolean real = alphabets.task().kind() == LabelKind.REAL;
        this.labels = new double[real ? count : 0];
    }

    /**
     * Draws samples.
     *
     * @param role whose alphabet to use; it makes a stream of its own of the seed
     * @param count at least 1
     */
    public static Samples draw(Alphabets alphabets, Role role, int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "the number of samples must be at least 1: " + count);
        }
        Samples samples = new Samples(alphabets, role, count);
        samples.fill(Randomness.of(seed, role.letter()));
        return samples;
    }

    private void fill(UniformRandomProvider random) {
        Task task = task();
        double[] ends = cumulative(task.templates());
        int[] widths =
                task.templates().stream().mapToInt(t -> t.template().wildcards().size()).toArray();
        int[] order = IntStream.range(0, alphabet.size()).toArray();
        for (int i = 0; i < templates.length; i++) {
            int template = pick(ends, random.nextDouble());
            templates[i] = template;
            for (int w = 0; w < widths[template]; w++) { // the beginning of a shuffle
                int other = w + random.nextInt(order.length - w);
                int symbol = order[other];
                order[other] = order[w];
                order[w] = symbol;
                symbols[i * stride + w] = symbol;
            }
            if (labels.length > 0) {
                double noise = task.noise() == 0 ? 0 : task.noise() * Randomness.gaussian(random);
                labels[i] = cleanLabel(i) + noise;
            }
        }
    }

    private static double[] cumulative(List<LabelledTemplate> templates) {
        double[] ends = templates.stream().mapToDouble(LabelledTemplate::probability).toArray();
        double sum = Arrays.stream(ends).sum();
        double end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += ends[i] / sum;
            ends[i] = end;
        }
        ends[ends.length - 1] = 1; // whatever rounding left
        return ends;
    }

    /** The first template whose end is above the point. */
    private static int pick(double[] ends, double point) {
        int found = Arrays.binarySearch(ends, point);
        return found < 0 ? -1 - found : found + 1;
    }

    /** The task. */
    public Task task() {
        return alphabets.task();
    }

    /** The alphabet that symbols are from. */
    public Alphabet alphabet() {
        return alphabet;
    }

    /** The number of samples. */
    public int count() {
        return templates.length;
    }

    /** The index of the sample's template in the task. */
    public int template(int sample) {
        return templates[sample];
    }

    /** The number of ids of the sample's string. */
    public int length(int sample) {
        return rows[templates[sample]].length;
    }

    /** The ids of the sample's string, without any special token. */
    public int[] ids(int sample) {
        int[] ids = rows[templates[sample]].clone();
        for (int t = 0; t < ids.length; t++) {
            ids[t] = id(sample, ids[t]);
        }
        return ids;
    }

    /** Copies the ids of the sample's string into a row that begins at {@code at}. */
    public void copyIds(int sample, long[] into, int at) {
        int[] row = rows[templates[sample]];
        for (int t = 0; t < row.length; t++) {
            into[at + t] = id(sample, row[t]);
        }
    }

    private int id(int sample, int code) {
        return code >= 0 ? code : symbolIds[symbols[sample * stride + Row.wildcard(code)]];
    }

    /**
     * The real label with its noise.
     *
     * @throws IllegalStateException if labels are symbolic
     */
    public double label(int sample) {
        requireKind(LabelKind.REAL);
        return labels[sample];
    }

    /**
     * The real label of the sample's template, without noise.
     *
     * @throws IllegalStateException if labels are symbolic
     */
    public double cleanLabel(int sample) {
        requireKind(LabelKind.REAL);
        return ((Real) task().templates().get(templates[sample]).label()).value();
    }

    /**
     * The id of the symbolic label.
     *
     * @throws IllegalStateException if labels are real
     */
    public int labelId(int sample) {
        requireKind(LabelKind.SYMBOLIC);
        return id(sample, alphabets.row(templates[sample]).label());
    }

    private void requireKind(LabelKind expected) {
        if (task().kind() != expected) {
            throw new IllegalStateException(
                    "labels of %s are %s, not %s"
                            .formatted(task().name(), task().kind(), expected));
        }
    }

    /**
     * The possible answers of a symbolic label: the different ids of the sample's string in their
     * order, and those regular tokens that are labels of the task, which are the same for every
     * sample.
     */
    public int[] candidates(int sample) {
        IntStream answers = alphabets.labelIds().stream().mapToInt(Integer::intValue);
        return IntStream.concat(Arrays.stream(ids(sample)), answers).distinct().toArray();
    }

    /** The symbol of each wildcard of the sample's template. */
    public Substitution substitution(int sample) {
        List<Wildcard> wildcards = template(task(), templates[sample]).wildcards();
        Map<Wildcard, String> map = new LinkedHashMap<>();
        for (int w = 0; w < wildcards.size(); w++) {
            map.put(wildcards.get(w), symbol(sample, w));
        }
        return new Substitution(map);
    }

    private static Template template(Task task, int index) {
        return task.templates().get(index).template();
    }

    private String symbol(int sample, int wildcard) {
        return alphabet.symbols().get(symbols[sample * stride + wildcard]).text();
    }

    /** The tokens of the sample's string: the template with its wildcards replaced. */
    public List<String> tokens(int sample) {
        return template(task(), templates[sample]).substitute(substitution(sample));
    }

    /** The sample's string as text, as a tokenizer is given it. */
    public String text(int sample) {
        return alphabets.rendering(templates[sample]).text(wildcard -> symbol(sample, wildcard));
    }

    /** The label as text: the number with its noise, or the symbol. */
    public String labelText(int sample) {
        Label label = task().templates().get(templates[sample]).label();
        if (label instanceof Wildcard wildcard) {
            return substitution(sample).of(wildcard);
        }
        return label instanceof Real ? new Real(labels[sample]).toString() : label.toString();
    }

    /** SHA-256, in hexadecimal, of all ids and labels: equal for equal data. */
    public String sha256() {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(task().kind().toString().getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < count(); i++) {
            int[] ids = ids(i);
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + ids.length) + Long.BYTES);
            bytes.putInt(ids.length);
            Arrays.stream(ids).forEach(bytes::putInt);
            bytes.putLong(
                    labels.length > 0 ? Double.doubleToLongBits(labels[i]) : (long) labelId(i));
            digest.update(bytes.array());
        }
        return Hex.encodeHexString(digest.digest());
    }
}
