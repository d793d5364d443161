package org.diagonal.templates.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/** The laws of a task; every message begins with the key of the task file that breaks one. */
final class TaskCheck {

    /** What rounding in a file may add: five digits of thirds pass. */
    private static final double SLACK = 1e-4;

    private final LabelKind kind;
    private final Cut cut;
    private final List<Wildcard> wildcards;
    private final List<LabelledTemplate> templates;

    TaskCheck(LabelKind kind, Cut cut, List<Wildcard> wildcards, List<LabelledTemplate> templates) {
        this.kind = kind;
        this.cut = cut;
        this.wildcards = wildcards;
        this.templates = templates;
    }

    static boolean isReal(Label label) {
        return label instanceof Real;
    }

    static void header(String name, int version, String about, LabelKind kind, double noise) {
        requireLine("name", name);
        requireLine("about", about);
        require(version >= 1, "version: must be at least 1, found " + version);
        require(
                noise >= 0 && Double.isFinite(noise),
                "noise: a standard deviation must be finite and at least 0, found " + noise);
        require(
                noise == 0 || kind == LabelKind.REAL,
                "noise: symbolic labels have none, found " + noise);
    }

    void run() {
        declarations();
        for (int i = 0; i < templates.size(); i++) {
            length(i);
            tokens(i);
            label(i);
        }
        used();
        disjoint();
        probabilities();
    }

    private void declarations() {
        require(!wildcards.isEmpty(), "wildcards: a template task needs at least one");
        Set<Wildcard> seen = new HashSet<>();
        for (Wildcard wildcard : wildcards) {
            require(
                    cut.tokens(wildcard.name()).equals(List.of(wildcard.name())),
                    () ->
                            "wildcards: %s is not one token when a text is cut into %s"
                                    .formatted(Quoted.of(wildcard.name()), cut));
            require(seen.add(wildcard), () -> "wildcards: " + wildcard + " is listed twice");
        }
        require(!templates.isEmpty(), "templates: a task needs at least one");
    }

    private void length(int i) {
        int expected = templates.get(0).template().length();
        int found = templates.get(i).template().length();
        require(
                found == expected,
                () ->
                        "%s has %d tokens, %s has %d: the templates of a task must be equally long"
                                .formatted(at(i), found, at(0), expected));
    }

    private void tokens(int i) {
        Template template = templates.get(i).template();
        for (Token token : template.tokens()) {
            require(
                    !wildcards.contains(new Wildcard(token.text())),
                    () -> at(i) + ": wildcard " + token + " is used as a regular token");
        }
        for (Wildcard wildcard : template.wildcards()) {
            require(
                    wildcards.contains(wildcard),
                    () -> at(i) + ": wildcard " + wildcard + " is not among the task's");
        }
    }

    private void label(int i) {
        LabelledTemplate labelled = templates.get(i);
        Label label = labelled.label();
        String key = "templates[" + i + "].label: ";
        require(
                isReal(label) == (kind == LabelKind.REAL),
                () ->
                        key
                                + Quoted.of(label.toString())
                                + (kind == LabelKind.REAL
                                        ? " is not a number, but labels are real"
                                        : " is a number, but labels are symbolic"));
        if (label instanceof Wildcard wildcard) {
            require(
                    labelled.template().wildcards().contains(wildcard),
                    () ->
                            key
                                    + "wildcard %s is not in the template %s, which has %s"
                                            .formatted(
                                                    wildcard,
                                                    Quoted.of(labelled.text()),
                                                    names(labelled.template().wildcards())));
        }
        if (label instanceof Token token) {
            require(
                    cut.tokens(token.text()).equals(List.of(token.text())),
                    () ->
                            key
                                    + "%s is not one token when a text is cut into %s"
                                            .formatted(Quoted.of(token.text()), cut));
            require(
                    !wildcards.contains(new Wildcard(token.text())),
                    () -> key + "wildcard " + token + " is used as a regular token");
        }
    }

    private static String names(List<Wildcard> wildcards) {
        return wildcards.isEmpty()
                ? "none"
                : wildcards.stream().map(Wildcard::name).collect(Collectors.joining(", "));
    }

    private void used() {
        for (Wildcard wildcard : wildcards) {
            require(
                    templates.stream().anyMatch(t -> t.template().elements().contains(wildcard)),
                    () -> "wildcards: " + wildcard + " is in no template: use it or remove it");
        }
    }

    /** Templates of different patterns are disjoint, so only equal patterns meet. */
    private void disjoint() {
        Map<List<Integer>, List<Integer>> byPattern = new HashMap<>();
        for (int i = 0; i < templates.size(); i++) {
            List<Integer> alike =
                    byPattern.computeIfAbsent(
                            templates.get(i).template().pattern(), pattern -> new ArrayList<>());
            for (int j : alike) {
                disjoint(j, i);
            }
            alike.add(i);
        }
    }

    private void disjoint(int i, int j) {
        Template first = templates.get(i).template();
        Template second = templates.get(j).template();
        require(
                !first.equals(second),
                () -> at(j) + " stands there twice, as templates[%d] too".formatted(i));
        require(
                !first.isEquivalent(second),
                () -> at(j) + " is " + at(i) + " with other wildcards: keep one of them");
        first.stringInCommon(second)
                .ifPresent(
                        string -> {
                            throw new IllegalArgumentException(
                                    "%s and %s are not disjoint: %s matches both"
                                            .formatted(at(i), at(j), Quoted.of(cut.join(string))));
                        });
    }

    private void probabilities() {
        double sum = templates.stream().mapToDouble(LabelledTemplate::probability).sum();
        require(
                Math.abs(sum - 1) <= SLACK,
                () -> "templates: probabilities add up to " + sum + ", expected 1");
    }

    private String at(int i) {
        return "templates[" + i + "] " + Quoted.of(templates.get(i).text());
    }

    private static void requireLine(String key, String text) {
        require(
                !text.isBlank() && text.lines().count() == 1,
                () -> key + ": expected one line of text, found " + Quoted.of(text));
    }

    private static void require(boolean condition, String message) {
        require(condition, () -> message);
    }

    private static void require(boolean condition, Supplier<String> message) {
        if (!condition) {
            throw new IllegalArgumentException(message.get());
        }
    }
}
