package org.diagonal.eval.source;

/**
 * The process that started this one and waits for it, where there is one: its number stands in the
 * environment, so that this process need not outlive it.
 */
public final class Parent {

    /** The variable of the environment. */
    public static final String VARIABLE = "DIAGONAL_CURVE_PARENT";

    private Parent() {}

    /** Whether there was one, and it has ended. */
    public static boolean isGone() {
        String parent = System.getenv(VARIABLE);
        return parent != null
                && ProcessHandle.of(Long.parseLong(parent))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty();
    }
}
