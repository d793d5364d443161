package org.diagonal.eval.hub;

/** Hears how far a download is. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress NONE = (file, done, total) -> {};

    /**
     * Called on the downloading thread at the start, after every block and at the end.
     *
     * @param file name of the file without its folder
     * @param done bytes on disk so far, those of an earlier, resumed try included
     * @param total bytes of the whole file, −1 when the server does not say
     */
    void at(String file, long done, long total);
}
