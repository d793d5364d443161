package org.diagonal.plugin.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Which circuits of every head have identity scalings: the arms of an experiment. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public enum Arm {
    /** Neither: plain GPT-2. */
    NONE(false, false),
    /** W_Q W_Kᵀ + a I. */
    QK(true, false),
    /** W_V W_O + b I. */
    OV(false, true),
    /** Both. */
    BOTH(true, true);

    private final boolean qk;
    private final boolean ov;

    Arm(boolean qk, boolean ov) {
        this.qk = qk;
        this.ov = ov;
    }

    /** Whether a circuit has scalings. */
    public boolean has(Circuit circuit) {
        return switch (circuit) {
            case QK -> qk;
            case OV -> ov;
        };
    }

    /** The circuits with scalings. */
    public Set<Circuit> circuits() {
        return Arrays.stream(Circuit.values())
                .filter(this::has)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The arm in which exactly these circuits have scalings. */
    static Arm of(Set<Circuit> circuits) {
        return Arrays.stream(values())
                .filter(arm -> arm.circuits().equals(circuits))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The arm with this name in options and files.
     *
     * @throws IllegalArgumentException naming the value and all arms, if there is none
     */
    public static Arm named(String name) {
        return Arrays.stream(values())
                .filter(arm -> arm.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'%s' is not one of: %s".formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(values()).map(Arm::toString).collect(Collectors.joining(", "));
    }

    /** The name in options and files: {@code none}, {@code qk}, {@code ov} or {@code both}. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
