package org.diagonal.plugin.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * The arm of an experiment: which circuits of every head have identity scalings, or what is trained
 * in their place. Arms of the same name are equal.
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public final class Arm {

    /** Neither circuit: plain GPT-2. */
    public static final Arm NONE = new Arm("none", Set.of(), Optional.empty());

    /** W_Q W_Kᵀ + a I. */
    public static final Arm QK = new Arm("qk", Set.of(Circuit.QK), Optional.empty());

    /** W_V W_O + b I. */
    public static final Arm OV = new Arm("ov", Set.of(Circuit.OV), Optional.empty());

    /** Both. */
    public static final Arm BOTH =
            new Arm("both", Set.of(Circuit.QK, Circuit.OV), Optional.empty());

    /** {@link Control.Temperature}. */
    public static final Arm TEMPERATURE =
            new Arm("temperature", Set.of(), Optional.of(new Control.Temperature()));

    /** {@link Control.Permuted}. */
    public static final Arm PERMUTED =
            new Arm("permuted", Set.of(Circuit.QK), Optional.of(new Control.Permuted()));

    /** {@link Control.Head}. */
    public static final Arm HEAD = new Arm("head", Set.of(), Optional.of(new Control.Head()));

    /** The arms of the paper, in its order. */
    public static final List<Arm> OF_PAPER = List.of(NONE, QK, OV, BOTH);

    /** What options may name, for messages and help. */
    public static final String NAMES =
            "none, qk, ov, both, temperature, fixed, fixed-A, permuted, head, lora-R";

    private static final List<Arm> NAMED = List.of(NONE, QK, OV, BOTH, TEMPERATURE, PERMUTED, HEAD);

    private static final String FIXED = "fixed";
    private static final double FIXED_A = 0.1;
    private static final Pattern FIXED_NAME =
            Pattern.compile(FIXED + "-(-?\\d{1,9}(?:\\.\\d{1,9})?)");
    private static final Pattern LORA_NAME = Pattern.compile("lora-([1-9]\\d{0,5})");

    /** A regular expression: the names of all arms, and only those. */
    public static final String NAME =
            "none|qk|ov|both|temperature|permuted|head|fixed--?\\d{1,9}(\\.\\d{1,9})?|lora-[1-9]\\d{0,5}";

    private final String name;
    private final Set<Circuit> circuits;
    private final Optional<Control> control;

    private Arm(String name, Set<Circuit> circuits, Optional<Control> control) {
        this.name = name;
        this.circuits = circuits;
        this.control = control;
    }

    /** {@link Control.Fixed}, named such as {@code fixed-0.1}. */
    public static Arm fixed(double a) {
        Control control = new Control.Fixed(a);
        String value = BigDecimal.valueOf(a).stripTrailingZeros().toPlainString();
        return new Arm(FIXED + "-" + value, Set.of(Circuit.QK), Optional.of(control));
    }

    /** {@link Control.Lora}, named such as {@code lora-1}. */
    public static Arm lora(int rank) {
        return new Arm("lora-" + rank, Set.of(), Optional.of(new Control.Lora(rank)));
    }

    /** Whether a circuit has scalings. */
    public boolean has(Circuit circuit) {
        return circuits.contains(circuit);
    }

    /** The circuits with scalings. */
    public Set<Circuit> circuits() {
        return circuits;
    }

    /** What takes the place of trained scalings; empty for the paper's arms. */
    public Optional<Control> control() {
        return control;
    }

    /** The arm whose training costs most: that with most scalings, if not the head alone. */
    public static Arm costliest(List<Arm> arms) {
        Arm most = arms.get(0);
        for (Arm arm : arms) {
            if (cost(arm) > cost(most)) {
                most = arm;
            }
        }
        return most;
    }

    private static int cost(Arm arm) {
        return arm.equals(HEAD) ? -1 : 2 * arm.circuits.size() + (arm.control.isPresent() ? 1 : 0);
    }

    /** The arm of the paper in which exactly these circuits have scalings. */
    static Arm of(Set<Circuit> circuits) {
        return OF_PAPER.stream()
                .filter(arm -> arm.circuits().equals(circuits))
                .findFirst()
                .orElseThrow();
    }

    /** The arm with this name in options and files, if there is one. */
    public static Optional<Arm> find(String name) {
        Optional<Arm> known = NAMED.stream().filter(arm -> arm.name.equals(name)).findFirst();
        return known.or(() -> numbered(name));
    }

    /**
     * The same. {@code fixed} is {@code fixed-0.1}.
     *
     * @throws IllegalArgumentException naming the value and all arms, if there is none
     */
    @JsonCreator
    public static Arm named(String name) {
        return find(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'%s' is not one of: %s".formatted(name, NAMES)));
    }

    private static Optional<Arm> numbered(String name) {
        if (name.equals(FIXED)) {
            return Optional.of(fixed(FIXED_A));
        }
        Matcher fixed = FIXED_NAME.matcher(name);
        if (fixed.matches() && Double.parseDouble(fixed.group(1)) != 0) {
            return Optional.of(fixed(Double.parseDouble(fixed.group(1))));
        }
        Matcher lora = LORA_NAME.matcher(name);
        return lora.matches()
                ? Optional.of(lora(Integer.parseInt(lora.group(1))))
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Arm arm && arm.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name in options and files, such as {@code none}, {@code qk} or {@code lora-1}. */
    @JsonValue
    @Override
    public String toString() {
        return name;
    }
}
