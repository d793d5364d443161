package org.diagonal.eval.sweep;

/** Which form of a sweep is meant. */
public enum SweepScale {
    /** As the file says. */
    FULL,
    /** With what the file's key {@code small} replaces. */
    SMALL
}
