package org.diagonal.templates.alphabet;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.Transfer;
import org.diagonal.templates.template.Element;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Token;

/**
 * The disjoint alphabets of a task, and how its templates and symbols become the token ids of one
 * network. Immutable and safe for many threads.
 */
public final class Alphabets {

    private final Task task;
    private final int vocabulary;
    private final List<Alphabet> alphabets;
    private final List<Rendering> renderings;
    private final List<Row> rows;
    private final Set<Integer> labelIds;

    private Alphabets(
            Task task,
            int vocabulary,
            List<Alphabet> alphabets,
            List<Rendering> renderings,
            List<Row> rows) {
        this.task = task;
        this.vocabulary = vocabulary;
        this.alphabets = List.copyOf(alphabets);
        this.renderings = List.copyOf(renderings);
        this.rows = List.copyOf(rows);
        this.labelIds = labelIds(task, rows);
        requireDisjoint();
    }

    /**
     * For a network from scratch: the regular tokens of templates and labels are ids 0, 1, …, then
     * come the training, the validation and the test alphabet. Their symbols are written a0, a1, …,
     * b0, … and c0, …
     *
     * @throws IllegalArgumentException if an alphabet has less symbols than a template wildcards
     */
    public static Alphabets fromScratch(Task task, AlphabetSizes sizes) {
        checkSizes(task, sizes);
        List<Token> tokens = task.tokens();
        Set<String> taken = new HashSet<>();
        tokens.forEach(token -> taken.add(token.text()));
        List<Alphabet> alphabets = new ArrayList<>();
        int next = tokens.size();
        for (Role role : Role.values()) {
            List<Symbol> symbols = new ArrayList<>();
            for (int number = 0; symbols.size() < sizes.of(role); number++) {
                String text = role.letter() + Integer.toString(number);
                if (!taken.contains(text)) {
                    symbols.add(new Symbol(text, next++));
                }
            }
            alphabets.add(new Alphabet(role, symbols));
        }
        return new Alphabets(task, next, alphabets, renderings(task), rows(task, tokens));
    }

    /** The templates of a task as ids, those of regular tokens being their places in a list. */
    private static List<Row> rows(Task task, List<Token> tokens) {
        List<Row> rows = new ArrayList<>();
        for (LabelledTemplate labelled : task.templates()) {
            Template template = labelled.template();
            List<Integer> ids =
                    template.elements().stream().map(e -> code(template, tokens, e)).toList();
            rows.add(new Row(ids, code(template, tokens, labelled.label())));
        }
        return rows;
    }

    private static List<Rendering> renderings(Task task) {
        return task.templates().stream()
                .map(labelled -> Rendering.of(labelled, task.cut(), false))
                .toList();
    }

    /**
     * The same alphabets for strings of another task, which a network from scratch is measured on:
     * every symbol and every regular token keeps its id.
     *
     * @throws IllegalArgumentException if the other task has a label or a regular token that this
     *     one does not have, or more wildcards in a template than an alphabet has symbols
     */
    public Alphabets with(Task other) {
        Transfer.requireAnswers(task, other);
        Transfer.requireTokens(task, other);
        requireSymbols(other);
        return new Alphabets(
                other, vocabulary, alphabets, renderings(other), rows(other, task.tokens()));
    }

    /**
     * The same for a network with a tokenizer.
     *
     * @param tokenizer that of {@link #inVocabulary}
     * @param kind of its symbols
     * @throws IllegalArgumentException if the other task has a label that this one does not have,
     *     more wildcards in a template than an alphabet has symbols, or a template in which one of
     *     the symbols is not one token
     */
    public Alphabets with(Task other, HuggingFaceTokenizer tokenizer, SymbolKind kind) {
        Transfer.requireAnswers(task, other);
        requireSymbols(other);
        List<Symbol> symbols = new ArrayList<>();
        for (Role role : List.of(Role.TEST, Role.VALIDATION, Role.TRAINING)) {
            symbols.addAll(alphabet(role).symbols());
        }
        SymbolSearch search = new SymbolSearch(other, tokenizer, vocabulary, kind);
        search.require(symbols);
        return new Alphabets(
                other, vocabulary, alphabets, search.renderings(), search.rows(symbols));
    }

    /** Nothing is measured on symbols of validation. */
    private void requireSymbols(Task other) {
        for (Role role : List.of(Role.TRAINING, Role.TEST)) {
            other.requireAlphabet(role + " alphabet", alphabet(role).size());
        }
    }

    private static int code(Template template, List<Token> tokens, Element element) {
        return element instanceof Token
                ? tokens.indexOf(element)
                : Row.hole(template.wildcards().indexOf(element));
    }

    private static int code(Template template, List<Token> tokens, Label label) {
        return label instanceof Element element ? code(template, tokens, element) : 0;
    }

    /**
     * For a network with a tokenizer: symbols that are one token each, the same one at every place
     * of every template, while all other tokens of a template stay what they are. Each symbol is
     * tried in each template. The id of a symbolic label is that of the token which follows the
     * text when the answer is appended to it, with a space in front if symbols have one there.
     *
     * <p>The validation and the test alphabet do not depend on the size of the training alphabet,
     * as long as that stays below 800.
     *
     * @param tokenizer adds no special tokens when it is told so, and neither truncates nor pads
     * @param vocabularySize the number of ids that the network knows
     * @param seed of the choice of symbols
     * @throws IllegalArgumentException if a template or a label cannot be rendered so, or the
     *     vocabulary has too few symbols, saying how many there are
     */
    public static Alphabets inVocabulary(
            Task task,
            HuggingFaceTokenizer tokenizer,
            int vocabularySize,
            SymbolKind kind,
            AlphabetSizes sizes,
            long seed) {
        checkSizes(task, sizes);
        SymbolSearch search = new SymbolSearch(task, tokenizer, vocabularySize, kind);
        List<Symbol> symbols = search.find(sizes, seed);
        int tested = sizes.test();
        int unseen = tested + sizes.validation();
        List<Alphabet> alphabets =
                List.of(
                        new Alphabet(Role.TRAINING, symbols.subList(unseen, sizes.total())),
                        new Alphabet(Role.VALIDATION, symbols.subList(tested, unseen)),
                        new Alphabet(Role.TEST, symbols.subList(0, tested)));
        return new Alphabets(
                task, vocabularySize, alphabets, search.renderings(), search.rows(symbols));
    }

    private static void checkSizes(Task task, AlphabetSizes sizes) {
        for (Role role : Role.values()) {
            task.requireAlphabet(role + " alphabet", sizes.of(role));
        }
    }

    private static Set<Integer> labelIds(Task task, List<Row> rows) {
        Set<Integer> ids = new LinkedHashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            if (task.templates().get(i).label() instanceof Token) {
                ids.add(rows.get(i).label());
            }
        }
        return Collections.unmodifiableSet(ids);
    }

    /** The task. */
    public Task task() {
        return task;
    }

    /** The number of ids: from scratch those in use; a network's own [CLS] comes on top. */
    public int vocabularySize() {
        return vocabulary;
    }

    /** The alphabet for a role. */
    public Alphabet alphabet(Role role) {
        return alphabets.stream().filter(a -> a.role() == role).findFirst().orElseThrow();
    }

    /** The ids in every string of a template. */
    public int length(int template) {
        return rows.get(template).ids().size();
    }

    /** The most ids in a string; from scratch every string has so many. */
    public int length() {
        return rows.stream().mapToInt(row -> row.ids().size()).max().orElseThrow();
    }

    /**
     * What two sets of symbols share.
     *
     * @param first a role, or {@code templates} for the regular tokens
     * @param second a role
     * @param shared texts of the symbols whose id or text is in both
     */
    public record Intersection(String first, String second, List<String> shared) {

        /** Copies. */
        public Intersection {
            shared = List.copyOf(shared);
        }
    }

    /** The intersections of each two alphabets, and of the templates' tokens with each. */
    public List<Intersection> intersections() {
        List<Intersection> found = new ArrayList<>();
        for (int i = 0; i < alphabets.size(); i++) {
            for (Alphabet other : alphabets.subList(0, i)) {
                Set<Object> names = new HashSet<>();
                for (Symbol symbol : other.symbols()) {
                    names.addAll(Arrays.asList(symbol.id(), symbol.text()));
                }
                found.add(intersection(other.role().toString(), names, alphabets.get(i)));
            }
        }
        Set<Object> names = new HashSet<>(labelIds);
        rows.forEach(row -> names.addAll(row.ids())); // holes are negative
        task.tokens().forEach(token -> names.add(token.text()));
        for (Alphabet alphabet : alphabets) {
            found.add(intersection("templates", names, alphabet));
        }
        return List.copyOf(found);
    }

    private static Intersection intersection(String first, Set<Object> names, Alphabet second) {
        List<String> shared =
                second.symbols().stream()
                        .filter(s -> names.contains(s.id()) || names.contains(s.text()))
                        .map(Symbol::text)
                        .toList();
        return new Intersection(first, second.role().toString(), shared);
    }

    private void requireDisjoint() {
        for (Intersection both : intersections()) {
            if (!both.shared().isEmpty()) {
                throw new IllegalStateException(
                        "%s: symbols of %s and %s must be disjoint, both have %s"
                                .formatted(
                                        task.name(), both.first(), both.second(), both.shared()));
            }
        }
    }

    Row row(int template) {
        return rows.get(template);
    }

    Rendering rendering(int template) {
        return renderings.get(template);
    }

    List<Row> rows() {
        return rows;
    }

    /** The ids of labels that are regular tokens: possible answers to every string. */
    Set<Integer> labelIds() {
        return labelIds;
    }
}
