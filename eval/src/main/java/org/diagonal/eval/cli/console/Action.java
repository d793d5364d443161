package org.diagonal.eval.cli.console;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What a command does, with the options that every command has. */
public abstract class Action implements Callable<Integer> {

    @Mixin public GlobalOptions global;

    @Override
    public final Integer call() throws IOException {
        global.apply();
        return run();
    }

    /**
     * Does it, once those options hold for the whole process.
     *
     * @return the exit code: 0 done, 1 asked to end before
     */
    protected abstract int run() throws IOException;
}
