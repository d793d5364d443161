package org.diagonal.eval.trial;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Trains and measures. */
@FunctionalInterface
public interface TrialRunner {

    /**
     * Runs one trial; the first call is where an engine is loaded, so that a finished curve costs
     * nothing.
     *
     * @param stop becomes true when the process is asked to end; asked between steps
     * @return empty if it was asked to end before
     */
    Optional<TrialResult> run(Trial trial, BooleanSupplier stop) throws IOException;
}
