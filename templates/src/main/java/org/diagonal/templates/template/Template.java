package org.diagonal.templates.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A string of regular tokens and wildcards (Definition 3.1). A string that matches it has the same
 * pattern of equal and unequal places as the template itself, since substitution is injective and
 * never gives a token that stands in the template; all questions below come down to this.
 *
 * @param elements the template's places, at least one
 */
public record Template(List<Element> elements) {

    /** Checks that there is an element and no name is both a token and a wildcard; copies. */
    public Template {
        elements = List.copyOf(elements);
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("a template must not be empty");
        }
        Set<String> names = new HashSet<>();
        wildcards(elements).forEach(wildcard -> names.add(wildcard.name()));
        for (Token token : tokens(elements)) {
            if (names.contains(token.text())) {
                throw new IllegalArgumentException(
                        "\"" + token + "\" is a regular token and a wildcard of one template");
            }
        }
    }

    /** The number of places. */
    public int length() {
        return elements.size();
    }

    /** The wildcards, each once, in the order in which they first appear. */
    public List<Wildcard> wildcards() {
        return wildcards(elements);
    }

    /** The regular tokens, each once, in the order in which they first appear. */
    public List<Token> tokens() {
        return tokens(elements);
    }

    private static List<Wildcard> wildcards(List<Element> elements) {
        return distinct(elements, Wildcard.class);
    }

    private static List<Token> tokens(List<Element> elements) {
        return distinct(elements, Token.class);
    }

    private static <E> List<E> distinct(List<Element> elements, Class<E> type) {
        return elements.stream().filter(type::isInstance).map(type::cast).distinct().toList();
    }

    /**
     * sub(z, s): the string in which every wildcard is replaced by its symbol. Whether it matches
     * the template depends on the symbols: none of them may stand in the template.
     *
     * @throws IllegalArgumentException if a wildcard has no symbol
     */
    public List<String> substitute(Substitution substitution) {
        return elements.stream().map(substitution::of).toList();
    }

    /** The substitution by which a string matches this (Definition 3.1); empty if it does not. */
    public Optional<Substitution> match(List<String> string) {
        if (string.size() != length()) {
            return Optional.empty();
        }
        Map<Wildcard, String> symbols = new LinkedHashMap<>();
        for (int i = 0; i < length(); i++) {
            String found = string.get(i);
            String wanted =
                    elements.get(i) instanceof Wildcard wildcard
                            ? Objects.requireNonNullElse(
                                    symbols.putIfAbsent(wildcard, found), found)
                            : elements.get(i).toString();
            if (!wanted.equals(found)) {
                return Optional.empty();
            }
        }
        Set<String> images = new HashSet<>(symbols.values());
        boolean fresh = tokens().stream().noneMatch(token -> images.contains(token.text()));
        return fresh && images.size() == symbols.size()
                ? Optional.of(new Substitution(symbols))
                : Optional.empty();
    }

    /** Whether the string is the template under some substitution map (Definition 3.1). */
    public boolean matches(List<String> string) {
        return match(string).isPresent();
    }

    /** For each place the number of its element, counted from 0 by first appearance. */
    public List<Integer> pattern() {
        Map<Element, Integer> numbers = new HashMap<>();
        return elements.stream()
                .map(
                        element -> {
                            int next = numbers.size();
                            Integer known = numbers.putIfAbsent(element, next);
                            return known == null ? next : known;
                        })
                .toList();
    }

    /** Whether the other is this with its wildcards renamed. */
    public boolean isEquivalent(Template other) {
        return renamed().equals(other.renamed());
    }

    /** The elements with wildcards named by their number of appearance. */
    private List<Element> renamed() {
        List<Wildcard> order = wildcards();
        return elements.stream()
                .map(e -> e instanceof Wildcard w ? new Wildcard("" + order.indexOf(w)) : e)
                .toList();
    }

    /** Whether no string matches both (Definition 4.1). */
    public boolean isDisjoint(Template other) {
        return stringInCommon(other).isEmpty();
    }

    /**
     * A string that matches both templates, found by unification: equal patterns, and tokens that
     * agree. Symbols that nothing determines are capital letters that stand in neither.
     */
    public Optional<List<String>> stringInCommon(Template other) {
        List<Integer> pattern = pattern();
        if (!pattern.equals(other.pattern())) {
            return Optional.empty();
        }
        String[] symbols = new String[pattern.stream().mapToInt(i -> i + 1).max().orElse(0)];
        for (int i = 0; i < length(); i++) {
            for (Element element : List.of(elements.get(i), other.elements.get(i))) {
                String symbol = symbols[pattern.get(i)];
                if (element instanceof Token token) {
                    if (symbol != null && !symbol.equals(token.text())) {
                        return Optional.empty(); // two tokens at one place
                    }
                    symbols[pattern.get(i)] = token.text();
                }
            }
        }
        List<String> fixed = Arrays.stream(symbols).filter(Objects::nonNull).toList();
        if (new HashSet<>(fixed).size() < fixed.size()) {
            return Optional.empty(); // one token at places that must differ
        }
        fill(symbols, new LinkedHashSet<>(fixed));
        return Optional.of(pattern.stream().map(i -> symbols[i]).toList());
    }

    private static void fill(String[] symbols, Set<String> taken) {
        List<String> fresh = new ArrayList<>();
        Stream.iterate(0, i -> i + 1)
                .map(Template::capital)
                .filter(symbol -> !taken.contains(symbol))
                .limit(symbols.length)
                .forEach(fresh::add);
        int next = 0;
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] == null) {
                symbols[i] = fresh.get(next++);
            }
        }
    }

    /** Q, R, … as the paper's examples, round to P, then Q1 and so on. */
    private static String capital(int number) {
        char letter = (char) ('A' + (number + 'Q' - 'A') % 26);
        return number < 26 ? String.valueOf(letter) : letter + String.valueOf(number / 26);
    }
}
