package org.diagonal.templates.task;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/**
 * A template task: a distribution over labelled templates and the noise of its labels (Definitions
 * 3.2 and J.1). Its templates are equally long and pairwise disjoint (Definition 4.1), whatever
 * their labels: the paper's theorems ask for it, and a sample then tells its template.
 *
 * @param name one line
 * @param version of the task, from 1; results of different versions are not comparable
 * @param about one sentence on what the task tests
 * @param source where the task is from
 * @param kind what the labels are
 * @param cut how texts are cut into tokens
 * @param wildcards all wildcards, each in some template
 * @param noise σ, the standard deviation of the Gaussian noise on real labels
 * @param templates the labelled templates; their probabilities add up to 1
 */
public record Task(
        String name,
        int version,
        String about,
        Optional<String> source,
        LabelKind kind,
        Cut cut,
        List<Wildcard> wildcards,
        double noise,
        List<LabelledTemplate> templates) {

    /**
     * Checks all that is said above and copies.
     *
     * @throws IllegalArgumentException naming the key of a task file and what stands there
     */
    public Task {
        wildcards = List.copyOf(wildcards);
        templates = List.copyOf(templates);
        new TaskCheck(kind, cut, wildcards, templates).run();
        TaskCheck.header(name, version, about, kind, noise);
    }

    /**
     * A task without noise whose templates are equally probable.
     *
     * @param texts the templates, which contain all wildcards
     * @param labels their labels
     */
    public static Task uniform(
            String name,
            String about,
            String source,
            Cut cut,
            List<Wildcard> wildcards,
            List<String> texts,
            List<? extends Label> labels) {
        List<LabelledTemplate> templates = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            double probability = 1.0 / texts.size();
            templates.add(
                    LabelledTemplate.of(texts.get(i), cut, wildcards, labels.get(i), probability));
        }
        LabelKind kind = TaskCheck.isReal(labels.get(0)) ? LabelKind.REAL : LabelKind.SYMBOLIC;
        return new Task(name, 1, about, Optional.of(source), kind, cut, wildcards, 0, templates);
    }

    /** The number of tokens in each template. */
    public int length() {
        return templates.get(0).template().length();
    }

    /**
     * The regular tokens of templates and labels, each once, in the order in which they appear: no
     * alphabet may have one of them.
     */
    public List<Token> tokens() {
        Set<Token> tokens = new LinkedHashSet<>();
        templates.forEach(template -> tokens.addAll(template.template().tokens()));
        tokens.addAll(labelTokens());
        return List.copyOf(tokens);
    }

    /** The regular tokens that are labels, each once. */
    public List<Token> labelTokens() {
        return templates.stream()
                .map(LabelledTemplate::label)
                .filter(Token.class::isInstance)
                .map(Token.class::cast)
                .distinct()
                .toList();
    }

    /** The most wildcards that one template has, the least size of an alphabet. */
    public int mostWildcards() {
        return templates.get(widest()).template().wildcards().size();
    }

    /** The index of the first template with the most wildcards. */
    public int widest() {
        return IntStream.range(0, templates.size())
                .boxed()
                .max((i, j) -> width(i) == width(j) ? j - i : width(i) - width(j))
                .orElseThrow();
    }

    private int width(int template) {
        return templates.get(template).template().wildcards().size();
    }

    /**
     * ρ, the data diversity (Definition 4.2), when symbols are drawn uniformly from an alphabet: a
     * template of w wildcards uses a given symbol with probability w / n, so ρ = n / max w.
     *
     * @param alphabet n, the number of symbols
     * @throws IllegalArgumentException if an injective map needs more symbols
     */
    public double diversity(int alphabet) {
        requireAlphabet("alphabet", alphabet);
        return (double) alphabet / mostWildcards();
    }

    /**
     * Checks that an alphabet has symbols enough.
     *
     * @param what the alphabet's name for the message
     * @throws IllegalArgumentException if it has less symbols than a template wildcards
     */
    public void requireAlphabet(String what, int size) {
        if (size < mostWildcards()) {
            throw new IllegalArgumentException(
                    "%s: an injective map needs at least %d symbols for the wildcards of %s,"
                                    .formatted(
                                            name,
                                            mostWildcards(),
                                            Quoted.of(templates.get(widest()).text()))
                            + " but the %s has %d".formatted(what, size));
        }
    }
}
