package org.diagonal.eval.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Page.Section;

/** Where a result is from: settings, versions, hashes. */
public final class OriginSection {

    private OriginSection() {}

    /** Names and values as files have them. */
    public static Facts facts(Map<String, String> values) {
        List<Fact> facts = new ArrayList<>();
        values.forEach((name, value) -> facts.add(new Fact(name.replace('_', ' '), typed(value))));
        return new Facts(facts);
    }

    /** Choices as users type them: {@code linear}, not {@code LINEAR}. */
    private static String typed(String value) {
        return value.matches("[A-Z]{2,}(_[A-Z]+)*")
                ? value.toLowerCase(Locale.ROOT).replace('_', '-')
                : value;
    }

    /** The commits that trained what a result is made of, after other facts. */
    public static Section commits(List<String> commits, List<Fact> before) {
        List<Fact> facts = new ArrayList<>(before);
        String words = String.join(", ", commits);
        facts.add(new Fact("commits", words.isBlank() ? "not known" : words));
        return new Section("Where it is from", List.of(new Facts(facts)));
    }

    /** What it ran with; the commit first, as it decides the rest. */
    public static Section versions(Map<String, String> versions, List<Fact> before) {
        List<Fact> facts = new ArrayList<>(before);
        String commit = versions.getOrDefault("commit", "");
        facts.add(new Fact("commit", commit.isEmpty() ? "not known" : commit));
        versions.forEach(
                (name, value) -> {
                    if (!name.equals("commit")) {
                        facts.add(new Fact(name, value));
                    }
                });
        return new Section("Where it is from", List.of(new Facts(facts)));
    }
}
