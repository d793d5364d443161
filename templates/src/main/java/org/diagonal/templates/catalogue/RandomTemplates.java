package org.diagonal.templates.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.templates.task.Cut;
import org.diagonal.templates.task.Nearest;
import org.diagonal.templates.task.Quoted;
import org.diagonal.templates.task.Randomness;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Element;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/**
 * Random templates (appendix B), drawn uniformly from (X ∪ W)^k one after another; a template that
 * is not disjoint from an earlier one is drawn again. Without regular tokens that is the paper's
 * "pairwise distinct"; with them it is more, but what is not disjoint has no defined label. Labels
 * are Gaussian, centred and scaled so that the best constant has a squared error of 1.
 *
 * @param r the number of templates
 * @param k their length
 * @param wildcards |W|
 * @param tokens |X|, regular tokens A, B, …
 * @param seed of templates and labels
 */
record RandomTemplates(int r, int k, int wildcards, int tokens, long seed) {

    static final String NAME = "random-templates";
    static final String ABOUT =
            "Random templates with random real labels; parameters as in"
                    + " random-templates:r=10,k=5,wildcards=3,tokens=4,seed=1";

    private static final int MOST_TEMPLATES = 2048;
    private static final int LONGEST = 64;
    private static final int LETTERS = 26;
    private static final int DRAWS = 100_000;

    private static final Map<String, Integer> DEFAULTS = new LinkedHashMap<>();

    static {
        // The sizes that the paper's figures 17 to 20 seem to hold fixed: 15 templates, their most,
        // are one less than the patterns of five places with two wildcards.
        DEFAULTS.put("r", 2);
        DEFAULTS.put("k", 5);
        DEFAULTS.put("wildcards", 2);
        DEFAULTS.put("tokens", 0);
        DEFAULTS.put("seed", 1);
    }

    /** Checks the ranges. */
    RandomTemplates {
        range("r", r, 2, MOST_TEMPLATES);
        range("k", k, 1, LONGEST);
        range("wildcards", wildcards, 1, Greek.COUNT);
        range("tokens", tokens, 0, LETTERS);
    }

    private static void range(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s: %s must be from %d to %d, found %d"
                            .formatted(NAME, key, least, most, value));
        }
    }

    /**
     * Reads parameters.
     *
     * @param parameters as in {@code r=10,k=5}; what is not given has its default; may be empty
     */
    static RandomTemplates parse(String parameters) {
        Map<String, Long> values = new HashMap<>();
        for (String part : parameters.isEmpty() ? new String[0] : parameters.split(",", -1)) {
            String[] sides = part.split("=", -1);
            if (sides.length != 2 || !sides[1].matches("-?\\d{1,18}")) {
                throw new IllegalArgumentException(
                        "%s: expected NAME=NUMBER, as in r=10,k=5, found %s"
                                .formatted(NAME, Quoted.of(part)));
            }
            if (!DEFAULTS.containsKey(sides[0])) {
                throw new IllegalArgumentException(
                        NAME + ": " + Nearest.message("parameter", sides[0], DEFAULTS.keySet()));
            }
            if (values.put(sides[0], Long.valueOf(sides[1])) != null) {
                throw new IllegalArgumentException(NAME + ": " + sides[0] + " is given twice");
            }
        }
        DEFAULTS.forEach((key, value) -> values.putIfAbsent(key, (long) value));
        return new RandomTemplates(
                whole(values, "r"),
                whole(values, "k"),
                whole(values, "wildcards"),
                whole(values, "tokens"),
                values.get("seed"));
    }

    private static int whole(Map<String, Long> values, String key) {
        long value = values.get(key);
        if (value != (int) value) {
            throw new IllegalArgumentException(
                    "%s: %s is out of range: %d".formatted(NAME, key, value));
        }
        return (int) value;
    }

    /** The name with all parameters. */
    String name() {
        return "%s:r=%d,k=%d,wildcards=%d,tokens=%d,seed=%d"
                .formatted(NAME, r, k, wildcards, tokens, seed);
    }

    Task task() {
        UniformRandomProvider random = Randomness.of(seed, 0);
        Map<List<Integer>, List<Template>> drawn = new HashMap<>();
        List<String> texts = new ArrayList<>();
        int used = 0;
        for (int failures = 0; texts.size() < r; ) {
            List<Element> elements = draw(random);
            Template template = new Template(elements);
            List<Template> alike =
                    drawn.computeIfAbsent(template.pattern(), pattern -> new ArrayList<>());
            if (alike.stream().allMatch(template::isDisjoint)) {
                alike.add(template);
                texts.add(text(elements));
                used = Math.max(used, template.wildcards().size());
                failures = 0;
            } else if (++failures == DRAWS) {
                throw new IllegalArgumentException(
                        "%s: found %d disjoint templates and none in %d draws more; ask for less"
                                .formatted(name(), texts.size(), DRAWS));
            }
        }
        if (used == 0) {
            throw new IllegalArgumentException(
                    name() + ": no template has a wildcard; take another seed or more wildcards");
        }
        return Task.uniform(
                name(),
                "Random templates with random labels.",
                "Boix-Adserà et al. 2023, arXiv 2310.09753, appendix B",
                Cut.CHARACTERS,
                Greek.wildcards(used),
                texts,
                labels(random));
    }

    /** A string; its wildcards are named in the order in which they appear. */
    private List<Element> draw(UniformRandomProvider random) {
        Map<Integer, Wildcard> names = new HashMap<>();
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < k; i++) {
            int choice = random.nextInt(wildcards + tokens);
            elements.add(
                    choice < wildcards
                            ? names.computeIfAbsent(choice, c -> greek(names.size()))
                            : new Token(String.valueOf((char) ('A' + choice - wildcards))));
        }
        return elements;
    }

    private static Wildcard greek(int number) {
        return new Wildcard(String.valueOf(Greek.letter(number)));
    }

    private static String text(List<Element> elements) {
        StringBuilder text = new StringBuilder();
        elements.forEach(text::append);
        return text.toString();
    }

    private List<Label> labels(UniformRandomProvider random) {
        double[] labels = new double[r];
        double mean = 0;
        for (int i = 0; i < r; i++) {
            labels[i] = Randomness.gaussian(random);
            mean += labels[i] / r;
        }
        double square = 0;
        for (double label : labels) {
            square += (label - mean) * (label - mean) / r;
        }
        List<Label> scaled = new ArrayList<>();
        for (double label : labels) {
            scaled.add(new Real((label - mean) / Math.sqrt(square)));
        }
        return scaled;
    }
}
