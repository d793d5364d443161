package org.diagonal.eval.train;

import java.io.PrintWriter;
import java.util.Locale;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.run.RunFolder;

/** The end of a training for the terminal. */
public final class TrainingText {

    private TrainingText() {}

    /** Prints how a training ended; flushes. */
    public static void write(TrainedRun run, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d steps, %,d tokens, %,d of %,d parameters trained, %.1f s%n",
                run.steps(),
                run.tokens(),
                run.trainableParameters(),
                run.parameters(),
                run.seconds());
        boolean nats = run.loss() == Loss.NATS;
        if (run.bestLoss().isPresent()) {
            out.printf(
                    Locale.ROOT,
                    "Best validation %s %.4f at step %d%n",
                    nats ? "perplexity" : "loss",
                    nats ? Math.exp(run.bestLoss().getAsDouble()) : run.bestLoss().getAsDouble(),
                    run.bestStep().getAsLong());
        }
        out.println("Model        " + run.model());
        if (run.bestStep().isPresent() && run.bestStep().getAsLong() < run.steps()) {
            out.println("Last step's  " + run.folder().resolve(RunFolder.LAST));
        }
        out.flush();
    }
}
