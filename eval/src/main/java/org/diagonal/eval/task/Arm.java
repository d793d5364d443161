package org.diagonal.eval.task;

import java.util.Locale;

/** Which circuits of every head have identity scalings. */
public enum Arm {
    /** Neither. */
    NONE,
    /** W_Q W_Kᵀ + a I. */
    QK,
    /** W_V W_O + b I. */
    OV,
    /** Both. */
    BOTH;

    /** Whether the QK circuits have them. */
    public boolean hasQk() {
        return this == QK || this == BOTH;
    }

    /** Whether the OV circuits have them. */
    public boolean hasOv() {
        return this == OV || this == BOTH;
    }

    /** The word in options and files, such as {@code none}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
