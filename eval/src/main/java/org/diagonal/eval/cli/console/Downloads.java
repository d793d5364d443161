package org.diagonal.eval.cli.console;

import org.diagonal.eval.source.Reporter;

/** Shows downloads as tasks, one a file. */
public final class Downloads implements org.diagonal.eval.hub.Progress {

    private final GlobalOptions global;
    private String file = "";
    private Reporter.Task task = Progress.silent();

    /** Shows them where a command shows its progress. */
    public Downloads(GlobalOptions global) {
        this.global = global;
    }

    @Override
    public synchronized void at(String name, long done, long total) {
        if (!name.equals(file)) {
            task.close();
            file = name;
            task = global.progress("Downloading " + name, Math.max(done, total));
        }
        task.step(done, "");
        if (done == total) {
            task.close();
            file = "";
            task = Progress.silent();
        }
    }
}
