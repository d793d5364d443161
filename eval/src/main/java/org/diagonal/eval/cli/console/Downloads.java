package org.diagonal.eval.cli;

import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.hub.Progress;

/** Shows downloads as tasks, one a file. */
final class Downloads implements Progress {

    private final GlobalOptions global;
    private String file = "";
    private org.diagonal.eval.cli.console.Progress task =
            org.diagonal.eval.cli.console.Progress.silent();

    Downloads(GlobalOptions global) {
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
            task = org.diagonal.eval.cli.console.Progress.silent();
        }
    }
}
