package org.diagonal.eval.source;

/** Where a job says how it gets on; the command line shows it. */
public interface Reporter {

    /**
     * A task begins.
     *
     * @param name a word or two
     * @param total the steps it takes
     */
    Task begin(String name, long total);

    /** A line that stays. */
    void note(String line);

    /** The same about settings; the command line names their options. */
    default void note(Notice notice) {
        note(notice.text());
    }

    /** What resumes a job that was interrupted, as the subject of a sentence. */
    default String again() {
        return "the same command";
    }

    /** A task that goes on until it is closed. */
    interface Task extends AutoCloseable {

        /**
         * Says how far the task is.
         *
         * @param done steps done, of a resumed task those before too
         * @param message a few words such as {@code loss 3.21, 900 tokens/s}
         */
        void step(long done, String message);

        /** A line that stays. */
        void note(String line);

        @Override
        void close();
    }
}
