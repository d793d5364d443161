package org.diagonal.templates.alphabet;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Quoted;
import org.diagonal.templates.task.Randomness;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/**
 * Finds symbols that a tokenizer renders as one token each at every place of every template, all
 * else staying as it is, by trying them. Templates that differ only in which wildcard stands where
 * have one shape, and are tried once.
 */
final class SymbolSearch {

    /** Places of a shape are learnt from so many symbols, of which some may not be usable. */
    private static final int WITNESSES = 64;

    private static final int LEAST_POOL = 2048;
    private static final Pattern WORD = Pattern.compile("[a-z]{3,12}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{1,8}");

    /** A template's text with unnamed holes; the wildcard in its first hole is the answer, if. */
    private record Shape(Rendering rendering, boolean answered) {}

    private final Task task;
    private final HuggingFaceTokenizer tokenizer;
    private final int vocabularySize;
    private final SymbolKind kind;
    private final List<Rendering> renderings;
    private final List<Shape> shapes; // of each template
    private final boolean spaced;
    private final List<Symbol> candidates;
    private final Map<Shape, List<Integer>> places = new LinkedHashMap<>(); // −1 for a hole

    SymbolSearch(Task task, HuggingFaceTokenizer tokenizer, int vocabularySize, SymbolKind kind) {
        this.task = task;
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.kind = kind;
        boolean words = kind == SymbolKind.WORDS;
        this.renderings =
                task.templates().stream().map(t -> Rendering.of(t, task.cut(), words)).toList();
        this.shapes =
                IntStream.range(0, renderings.size())
                        .mapToObj(i -> shape(renderings.get(i), task.templates().get(i)))
                        .toList();
        long[][] ids =
                LongStream.range(0, vocabularySize)
                        .mapToObj(id -> new long[] {id})
                        .toArray(long[][]::new);
        String[] vocabulary = tokenizer.batchDecode(ids, true);
        List<Symbol> withSpace = candidates(vocabulary, " ");
        this.spaced = words || (!withSpace.isEmpty() && standsBehindSpace());
        this.candidates = spaced ? withSpace : candidates(vocabulary, "");
    }

    private static Shape shape(Rendering rendering, LabelledTemplate template) {
        List<Integer> unnamed = rendering.holes().stream().map(hole -> 0).toList();
        return new Shape(
                new Rendering(rendering.literals(), unnamed, rendering.space()),
                template.label() instanceof Wildcard);
    }

    /** Whether names stand behind a space, where tokenizers that know spaces have other tokens. */
    private boolean standsBehindSpace() {
        long behind = renderings.stream().mapToLong(Rendering::spacedHoles).sum();
        long holes = renderings.stream().mapToLong(rendering -> rendering.holes().size()).sum();
        if (behind > 0 && behind < holes) {
            String text =
                    renderings.stream()
                            .filter(rendering -> rendering.spacedHoles() < rendering.holes().size())
                            .findFirst()
                            .orElseThrow()
                            .fill(hole -> "x");
            throw refused(
                    "names stand with and without a space in front, which are different tokens: "
                            + Quoted.of(text)
                            + remedy());
        }
        return behind > 0;
    }

    /** Tokens of letters that stand nowhere in the task, by id. */
    private List<Symbol> candidates(String[] vocabulary, String space) {
        Pattern letters = kind == SymbolKind.WORDS ? WORD : NAME;
        Set<Token> taken = Set.copyOf(task.tokens());
        List<Symbol> found = new ArrayList<>();
        for (int id = 0; id < vocabulary.length; id++) {
            if (vocabulary[id].startsWith(space)) {
                String text = vocabulary[id].substring(space.length());
                if (letters.matcher(text).matches() && !taken.contains(new Token(text))) {
                    found.add(new Symbol(text, id));
                }
            }
        }
        return found;
    }

    List<Rendering> renderings() {
        return renderings;
    }

    /** As many symbols as the alphabets need together, in a random order. */
    List<Symbol> find(AlphabetSizes sizes, long seed) {
        List<Symbol> order = shuffled(sizes.total(), seed);
        if (!order.isEmpty()) {
            shapes.stream().distinct().forEach(shape -> places.put(shape, learn(shape, order)));
        }
        List<Symbol> found = order.stream().filter(this::isUsable).limit(sizes.total()).toList();
        if (found.size() < sizes.total()) {
            throw refused(
                    "the vocabulary has %d usable %s, but %d are needed (%s)%s"
                            .formatted(found.size(), kind, sizes.total(), sizes, fewer()));
        }
        checkTogether(found);
        return found;
    }

    /**
     * Takes symbols that were found for another task.
     *
     * @throws IllegalArgumentException naming the first that is not one token everywhere
     */
    void require(List<Symbol> symbols) {
        shapes.stream().distinct().forEach(shape -> places.put(shape, learn(shape, symbols)));
        for (Symbol symbol : symbols) {
            if (!isUsable(symbol)) {
                throw refused(
                        "%s, a symbol of the training task, is not one token everywhere in the templates: %s"
                                .formatted(
                                        Quoted.of(symbol.text()),
                                        cut(renderings.get(0).fill(hole -> symbol.text()))));
            }
        }
        checkTogether(symbols);
    }

    private String fewer() {
        return switch (kind) {
            case WORDS -> ": take smaller alphabets or names";
            case NAMES -> ": take smaller alphabets or words";
        };
    }

    /**
     * Twice as many of the lowest ids as needed, which are the commonest tokens of byte pairs,
     * shuffled, and behind them the others, shuffled too.
     */
    private List<Symbol> shuffled(int needed, long seed) {
        UniformRandomProvider random = Randomness.of(seed, 0);
        int pool = Math.max(LEAST_POOL, 2 * Integer.highestOneBit(2 * needed - 1));
        int[] first = IntStream.range(0, Math.min(pool, candidates.size())).toArray();
        int[] others = IntStream.range(first.length, candidates.size()).toArray();
        Randomness.shuffle(random, first);
        Randomness.shuffle(random, others);
        return IntStream.concat(Arrays.stream(first), Arrays.stream(others))
                .mapToObj(candidates::get)
                .toList();
    }

    /** The ids that most symbols leave of a shape. */
    private List<Integer> learn(Shape shape, List<Symbol> symbols) {
        Map<List<Integer>, Integer> votes = new HashMap<>();
        for (Symbol symbol : symbols.subList(0, Math.min(WITNESSES, symbols.size()))) {
            places(shape, symbol).ifPresent(found -> votes.merge(found, 1, Integer::sum));
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> refused(unusable(shape, symbols.get(0).text())));
    }

    private boolean isUsable(Symbol symbol) {
        return places.entrySet().stream()
                .allMatch(e -> places(e.getKey(), symbol).filter(e.getValue()::equals).isPresent());
    }

    /**
     * The ids of a shape with −1 in place of the symbol, which fills all holes; empty if it is not
     * one token at each of them, or not the token that follows the text as an answer.
     */
    private Optional<List<Integer>> places(Shape shape, Symbol symbol) {
        String text = shape.rendering.fill(hole -> symbol.text());
        List<Integer> ids = ids(text);
        long holes = ids.stream().filter(id -> id == symbol.id()).count();
        if (holes != shape.rendering.holes().size()
                || (shape.answered && !answer(text, symbol.text()).equals(List.of(symbol.id())))) {
            return Optional.empty();
        }
        return Optional.of(ids.stream().map(id -> id == symbol.id() ? -1 : id).toList());
    }

    /** The ids that an answer adds to a text; none if it changes the ids of the text. */
    private List<Integer> answer(String text, String answer) {
        List<Integer> before = ids(text);
        List<Integer> all = ids(text + (spaced ? " " : "") + answer);
        boolean appended =
                all.size() > before.size() && all.subList(0, before.size()).equals(before);
        return appended ? all.subList(before.size(), all.size()) : List.of();
    }

    private List<Integer> ids(String text) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        for (long id : ids) {
            if (id >= vocabularySize) {
                throw refused(
                        "%s has the token id %d, but the network knows %d ids"
                                .formatted(Quoted.of(text), id, vocabularySize));
            }
        }
        return LongStream.of(ids).mapToObj(id -> (int) id).toList();
    }

    /** Tries the symbols beside each other: every one at every hole, others at its sides. */
    private void checkTogether(List<Symbol> symbols) {
        places.forEach(
                (shape, expected) -> {
                    for (int first = 0; first < symbols.size(); first++) {
                        int begin = first;
                        IntFunction<Symbol> at =
                                hole -> symbols.get((begin + hole) % symbols.size());
                        String text = shape.rendering.fill(hole -> at.apply(hole).text());
                        List<Integer> wanted = new ArrayList<>();
                        int hole = 0;
                        for (int id : expected) {
                            wanted.add(id < 0 ? at.apply(hole++).id() : id);
                        }
                        if (!ids(text).equals(wanted)) {
                            throw refused(runTogether(text));
                        }
                    }
                });
    }

    /** The templates as ids, once symbols were found. */
    List<Row> rows(List<Symbol> symbols) {
        Map<Token, Integer> labels = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            LabelledTemplate template = task.templates().get(i);
            int label = 0;
            if (template.label() instanceof Wildcard wildcard) {
                label = Row.hole(template.template().wildcards().indexOf(wildcard));
            } else if (template.label() instanceof Token token) {
                label = label(renderings.get(i), token, symbols);
                Integer other = labels.putIfAbsent(token, label);
                if (other != null && other != label) {
                    throw refused(
                            "label %s has ids %d and %d behind different templates"
                                    .formatted(Quoted.of(token.text()), other, label));
                }
            }
            rows.add(Row.of(places.get(shapes.get(i)), renderings.get(i).holes(), label));
        }
        return rows;
    }

    private int label(Rendering rendering, Token token, List<Symbol> symbols) {
        String text = rendering.text(wildcard -> symbols.get(wildcard).text());
        List<Integer> added = answer(text, token.text());
        if (added.size() != 1) {
            throw refused(
                    "label %s is not one token behind the text: %s"
                            .formatted(
                                    Quoted.of(token.text()),
                                    cut(text + (spaced ? " " : "") + token.text())));
        }
        return added.get(0);
    }

    private String unusable(Shape shape, String symbol) {
        String text = shape.rendering.fill(hole -> symbol);
        return "%s are not one token each, the same at every place: %s%s%s"
                .formatted(
                        kind,
                        cut(text),
                        shape.answered
                                ? ", with the answer " + cut(text + (spaced ? " " : "") + symbol)
                                : "",
                        remedy());
    }

    private String runTogether(String text) {
        return "%s run together: %s%s".formatted(kind, cut(text), remedy());
    }

    private String remedy() {
        return switch (kind) {
            case WORDS -> "; take names, or change the text around the wildcards";
            case NAMES -> "; take words, or change the text around the wildcards";
        };
    }

    private String cut(String text) {
        String tokens =
                LongStream.of(tokenizer.encode(text, false, false).getIds())
                        .mapToObj(id -> tokenizer.decode(new long[] {id}, true))
                        .collect(Collectors.joining("|"));
        return Quoted.of(text) + " becomes " + Quoted.of(tokens);
    }

    private IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException(task.name() + ": " + reason);
    }
}
