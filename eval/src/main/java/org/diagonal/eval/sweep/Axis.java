package org.diagonal.eval.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.task.Nearest;

/** A setting that a sweep can vary, by its name in files such as {@code scalings-lr}. */
public enum Axis {
    /** A task of the catalogue, or a task file. */
    TASK(Kind.WORD),
    /**
     * Another task that networks are measured on; the one that they learn where nothing is said.
     */
    TEST_DATA(Kind.WORD),
    /** A kind of network, or the model of a GPT-2. */
    NETWORK(Kind.WORD),
    /** Where weights come from: {@code pretrained}, {@code random} or {@code mimetic}. */
    INIT(Kind.WORD, "pretrained", "random", "mimetic"),
    /** How much of random W_Q W_Kᵀ mimetic weights keep. */
    ALPHA(Kind.REAL),
    /** How much identity mimetic weights have. */
    BETA(Kind.REAL),
    /** What symbols of a GPT-2's vocabulary are. */
    SYMBOLS(Kind.WORD, "words", "names"),
    /** The circuits with identity scalings, or a control. */
    ARMS(Kind.ARM),
    /** Training samples. */
    N(Kind.COUNT),
    /** Symbols of the training alphabet; n where nothing is said. */
    TRAIN_ALPHABET(Kind.COUNT),
    /** The learning rate. */
    LR(Kind.REAL),
    /** The learning rate of the identity scalings. */
    SCALINGS_LR(Kind.REAL),
    /** Samples a step. */
    BATCH_SIZE(Kind.COUNT),
    /** Passes over the samples. */
    EPOCHS(Kind.COUNT),
    /** Layers. */
    DEPTH(Kind.COUNT),
    /** Width of a layer. */
    WIDTH(Kind.COUNT),
    /** Heads in a layer. */
    HEADS(Kind.COUNT),
    /** Width of a head. */
    HEAD_WIDTH(Kind.COUNT),
    /** Width of the layer between attentions. */
    MLP_WIDTH(Kind.COUNT),
    /** What the operands of a training's matrix products are. */
    PRECISION(Kind.WORD, "f32", "bf16"),
    /** Templates of a random task. */
    R(Kind.COUNT),
    /** Length of its templates. */
    K(Kind.COUNT),
    /** Its wildcards. */
    WILDCARDS(Kind.COUNT),
    /** Its regular tokens. */
    REGULAR_TOKENS(Kind.COUNT_OR_ZERO),
    /** Validation samples. */
    VALID_N(Kind.COUNT),
    /** Symbols of theirs. */
    VALID_ALPHABET(Kind.COUNT),
    /** Test samples. */
    TEST_N(Kind.COUNT),
    /** Symbols of theirs. */
    TEST_ALPHABET(Kind.COUNT);

    /** Parameters of random templates. */
    static final List<Axis> OF_TEMPLATES = List.of(R, K, WILDCARDS, REGULAR_TOKENS);

    /** Sizes of a network, which have the same names there, in snake case. */
    static final List<Axis> SIZES = List.of(DEPTH, WIDTH, HEADS, HEAD_WIDTH, MLP_WIDTH);

    private static final Map<String, Axis> ALSO =
            Map.of("arm", ARMS, "tokens", REGULAR_TOKENS, "training-alphabet", TRAIN_ALPHABET);

    private static final int LONGEST = 40; // letters of a value in a message

    private enum Kind {
        WORD,
        ARM,
        COUNT,
        COUNT_OR_ZERO,
        REAL
    }

    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> words;

    Axis(Kind kind, String... words) {
        this.kind = kind;
        this.words = List.of(words);
    }

    /** The axis of a name; empty if there is none. */
    static Optional<Axis> find(String name) {
        return Arrays.stream(values())
                .filter(axis -> axis.toString().equals(name))
                .findFirst()
                .or(() -> Optional.ofNullable(ALSO.get(name)));
    }

    /** All names. */
    static List<String> names() {
        return Arrays.stream(values()).map(Axis::toString).toList();
    }

    /**
     * The axis of a name.
     *
     * @throws IllegalArgumentException if there is none, with the nearest
     */
    static Axis of(String name) {
        return find(name)
                .orElseThrow(
                        () -> new IllegalArgumentException(Nearest.message("axis", name, names())));
    }

    /** Whether values are numbers, which a figure can have along its x. */
    boolean isNumber() {
        return kind != Kind.WORD && kind != Kind.ARM;
    }

    /**
     * A value as sweeps write it: {@code 1e-03} is {@code 0.001}.
     *
     * @throws IllegalArgumentException if the axis has no such value
     */
    String value(String words) {
        return switch (kind) {
            case WORD -> word(words);
            case ARM -> arm(words);
            case COUNT -> whole(words, 1);
            case COUNT_OR_ZERO -> whole(words, 0);
            case REAL -> real(words);
        };
    }

    private static String arm(String value) {
        List<String> known = List.of(Arm.NAMES.split(", "));
        return Arm.find(value).orElseThrow(() -> unknown(value, known)).toString();
    }

    private String word(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("expected a word, found nothing");
        }
        if (!words.isEmpty() && !words.contains(value)) {
            throw unknown(value, words);
        }
        return value;
    }

    private static IllegalArgumentException unknown(String value, List<String> known) {
        return new IllegalArgumentException(
                "'%s' is not one of: %s%s"
                        .formatted(
                                shown(value),
                                String.join(", ", known),
                                Nearest.question(value, known)));
    }

    private static String whole(String value, int least) {
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < least) {
            throw new IllegalArgumentException(
                    "expected a whole number, %d or more, found '%s'"
                            .formatted(least, shown(value)));
        }
        return Integer.toString(Integer.parseInt(value));
    }

    private static String real(String value) {
        if (!value.matches(
                        "[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]{1,3})?|\\.[0-9]+([eE][-+]?[0-9]{1,3})?")
                || !Double.isFinite(Double.parseDouble(value))) {
            throw new IllegalArgumentException(
                    "expected a number, 0 or more, found '%s'".formatted(shown(value)));
        }
        return Written.setting(Double.parseDouble(value));
    }

    private static String shown(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
    }

    /** The name in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
