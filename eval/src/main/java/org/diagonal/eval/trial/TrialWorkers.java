package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Processes that run trials and leave their files in a folder. */
@FunctionalInterface
public interface TrialWorkers {

    /**
     * Starts them.
     *
     * @param trials the folder of trials
     * @param pending trials that have no file yet; at least one
     * @return what runs until it is closed
     */
    WorkerProcesses.Running start(Path trials, List<Trial> pending) throws IOException;
}
