package org.diagonal.eval.curve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.curve.Curve.Line;
import org.diagonal.eval.report.page.Written;

/** The headline of a curve: what the arms have learned, compared with the first of them. */
record CurveLead(Curve file) {

    private static final int DECIMALS = 3;

    String title() {
        List<String> names = file.arms().stream().map(CurveLead::name).toList();
        String what =
                names.size() == 1
                        ? file.metric()
                        : String.join(", ", names.subList(1, names.size()))
                                + " against "
                                + names.get(0);
        return "%s on %s: %s"
                .formatted(file.settings().network().name(), file.settings().tasks(), what);
    }

    /** Where each arm gets below the threshold, how far arms differ at the end, and the seeds. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(learned());
        paper().ifPresent(sentences::add);
        if (file.arms().size() > 1) {
            sentences.add(atTheLast());
        }
        sentences.add(
                file.trials() == 1
                        ? "One trial of each point, seed %d.".formatted(file.settings().seed())
                        : "Means of %d trials, seeds %d to %d."
                                .formatted(
                                        file.trials(),
                                        file.settings().seed(),
                                        file.settings().seed() + file.trials() - 1));
        return sentences;
    }

    /** All arms in one sentence, those that do the same together. */
    private String learned() {
        Map<String, List<String>> arms = names(file.arms().stream(), this::ours);
        String joined =
                arms.entrySet().stream()
                        .map(one -> "with %s it %s".formatted(and(one.getValue()), one.getKey()))
                        .collect(Collectors.joining("; "))
                        .replaceFirst(" it ", ", " + file.metric() + " ");
        return Written.capital(joined) + ".";
    }

    /** The same of the paper's curves. */
    private Optional<String> paper() {
        Map<String, List<String>> arms =
                names(
                        file.arms().stream().filter(arm -> arm.paper().isPresent()),
                        arm -> theirs(arm.paper().orElseThrow()));
        String joined =
                arms.entrySet().stream()
                        .map(one -> "%s with %s".formatted(one.getKey(), and(one.getValue())))
                        .collect(Collectors.joining(", "));
        return arms.isEmpty()
                ? Optional.empty()
                : Optional.of("In the paper it gets there " + joined + ".");
    }

    /** Names of arms by what is said of them. */
    private static Map<String, List<String>> names(Stream<Line> arms, Function<Line, String> said) {
        return arms.collect(
                Collectors.groupingBy(
                        said,
                        LinkedHashMap::new,
                        Collectors.mapping(CurveLead::name, Collectors.toList())));
    }

    private static String theirs(Curve.Paper paper) {
        OptionalInt first = paper.firstBelow();
        return first.isPresent() ? "at " + n(first.getAsInt()) : "never";
    }

    private String ours(Line arm) {
        String threshold = Written.setting(file.threshold());
        if (arm.firstBelow().isEmpty()) {
            return "stays above %s up to %s".formatted(threshold, n(arm.last().n()));
        }
        long first = arm.firstBelow().getAsInt();
        return first == arm.points().get(0).n() // where it fell, nobody has measured
                ? "is below %s at %s already".formatted(threshold, n(first))
                : "falls below %s at %s".formatted(threshold, n(first));
    }

    /** Differences at the largest n, whatever they are: none is chosen. */
    private String atTheLast() {
        Line first = file.arms().get(0);
        List<String> arms =
                file.arms().stream()
                        .skip(1)
                        .map(arm -> difference(arm, first))
                        .collect(Collectors.toCollection(ArrayList::new));
        arms.set(0, arms.get(0).replace("(", "(95 % interval "));
        return "At %s, %s less that of %s: %s%s."
                .formatted(
                        n(first.last().n()),
                        file.metric(),
                        name(first),
                        String.join(", ", arms),
                        file.trials() == 1 ? " (one trial, so without an interval)" : "");
    }

    private static String difference(Line arm, Line first) {
        String words =
                "%s %s"
                        .formatted(
                                name(arm),
                                Written.signed(arm.last().mean() - first.last().mean(), DECIMALS));
        return arm.last()
                .againstFirst()
                .flatMap(Curve.Differences::differenceCi95)
                .map(ends -> words + " (" + Written.signedInterval(ends, DECIMALS) + ")")
                .orElse(words);
    }

    private static String and(List<String> names) {
        int last = names.size() - 1;
        return last == 0
                ? names.get(0)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private static String name(Line arm) {
        return arm.arm().toString();
    }

    /** Not to be broken at the end of a line. */
    private static String n(long value) {
        return "n\u00A0=\u00A0" + Written.count(value);
    }
}
