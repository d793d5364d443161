package org.diagonal.templates.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    /** Enough for any two templates below: their tokens, and a symbol for every place. */
    private static final String ALPHABET = "STUVWX";

    @ParameterizedTest(name = "ααβST and {0}: {1}")
    @CsvSource({"QQRST, true", "QQQST, false", "QQSST, false", "QQRTS, false", "QQRS, false"})
    void matchingIsThePapersExample(String string, boolean expected) {
        assertThat(template("ααβST").matches(list(string))).isEqualTo(expected);
    }

    @Test
    void aMatchTellsTheSubstitution() {
        assertThat(template("ααβST").match(list("QQRST")).orElseThrow().symbols())
                .containsExactly(
                        Map.entry(new Wildcard("α"), "Q"), Map.entry(new Wildcard("β"), "R"));
    }

    @Property(tries = 300)
    void aSubstitutedTemplateMatchesUnlessASymbolStandsInIt(
            @ForAll("templates") Template template, @ForAll("strings") String symbols) {
        List<Wildcard> wildcards = template.wildcards();
        Map<Wildcard, String> map = new LinkedHashMap<>();
        List<String> different = list(symbols).stream().distinct().toList();
        if (different.size() < wildcards.size()) {
            return;
        }
        for (int i = 0; i < wildcards.size(); i++) {
            map.put(wildcards.get(i), different.get(i));
        }
        boolean fresh = template.tokens().stream().noneMatch(t -> map.containsValue(t.text()));
        List<String> string = template.substitute(new Substitution(map));
        assertThat(template.matches(string)).isEqualTo(fresh);
        if (fresh) {
            assertThat(template.match(string).orElseThrow().symbols()).isEqualTo(map);
        }
    }

    @Property(tries = 300)
    void disjointnessByUnificationIsDisjointnessByEnumeration(
            @ForAll("templates") Template first, @ForAll("templates") Template second) {
        boolean common =
                strings(first.length()).anyMatch(s -> first.matches(s) && second.matches(s));
        assertThat(first.isDisjoint(second)).isEqualTo(!common);
        first.stringInCommon(second)
                .ifPresent(
                        string -> {
                            assertThat(first.matches(string)).isTrue();
                            assertThat(second.matches(string)).isTrue();
                        });
    }

    @Property(tries = 300)
    void equivalentTemplatesMatchTheSameStrings(
            @ForAll("templates") Template first, @ForAll("templates") Template second) {
        boolean same =
                first.length() == second.length()
                        && strings(first.length())
                                .allMatch(s -> first.matches(s) == second.matches(s));
        assertThat(first.isEquivalent(second)).isEqualTo(same);
    }

    @Test
    void disjointnessIsUnificationWithInjectiveMaps() {
        assertThat(template("αβα").isDisjoint(template("αββ"))).isTrue();
        assertThat(template("αS").stringInCommon(template("Tβ"))).contains(list("TS"));
        assertThat(template("αS").stringInCommon(template("βα"))).contains(list("QS"));
        assertThat(template("αS").isDisjoint(template("Sα"))).isTrue(); // S at places that differ
        assertThat(template("αS").isDisjoint(template("αT"))).isTrue();
        assertThat(template("αβ").isDisjoint(template("αβγ"))).isTrue();
    }

    @Test
    void aSubstitutionMapIsInjective() {
        assertThatThrownBy(
                        () ->
                                new Substitution(
                                        Map.of(new Wildcard("α"), "x", new Wildcard("β"), "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be injective")
                .hasMessageContaining("are both \"x\"");
    }

    @Test
    void aNameIsATokenOrAWildcard() {
        assertThatThrownBy(() -> new Template(List.of(new Token("x"), new Wildcard("x"))))
                .hasMessage("\"x\" is a regular token and a wildcard of one template");
    }

    /** Up to four places of three wildcards and two tokens. */
    @Provide
    Arbitrary<Template> templates() {
        return Arbitraries.strings()
                .withChars("αβγST")
                .ofMinLength(1)
                .ofMaxLength(4)
                .map(TemplateTest::template);
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.strings().withChars(ALPHABET).ofLength(6);
    }

    private static Template template(String text) {
        return new Template(list(text).stream().map(TemplateTest::element).toList());
    }

    private static Element element(String letter) {
        return "αβγ".contains(letter) ? new Wildcard(letter) : new Token(letter);
    }

    private static List<String> list(String text) {
        return Stream.of(text.split("")).toList();
    }

    private static Stream<List<String>> strings(int length) {
        int count = (int) Math.pow(ALPHABET.length(), length);
        return IntStream.range(0, count)
                .mapToObj(
                        number -> {
                            List<String> string = new ArrayList<>();
                            int rest = number;
                            for (int i = 0; i < length; i++) {
                                int letter = rest % ALPHABET.length();
                                string.add(String.valueOf(ALPHABET.charAt(letter)));
                                rest /= ALPHABET.length();
                            }
                            return string;
                        });
    }
}
