package org.diagonal.eval.cli.option;

import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.kernel.math.Estimator;
import picocli.CommandLine.Option;

/** How exactly a kernel is computed. */
@Heading("Accuracy")
public final class PointOptions {

    @Option(names = "--points", description = "points of the lattice, a power of two")
    int points = 4096;

    @Option(names = "--shifts", description = "random shifts of it, for errors; 2 or more")
    int shifts = 8;

    @Option(names = "--seed", paramLabel = "S", description = "of the shifts and the samples")
    public long seed = 42;

    /**
     * The points.
     *
     * @throws IllegalArgumentException naming what is not a power of two or too few
     */
    public Estimator estimator() {
        return new Estimator(points, shifts, seed);
    }
}
