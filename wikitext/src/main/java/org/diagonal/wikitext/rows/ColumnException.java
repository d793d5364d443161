package org.diagonal.wikitext.rows;

import java.nio.file.FileSystemException;
import java.util.List;

/** A file of records has no text under the name that was looked for. */
public final class ColumnException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param file which file, and where in it
     * @param column the name that was looked for
     * @param found the names that are there
     */
    ColumnException(String file, String column, List<String> found) {
        super(file, null, "expected a column \"" + column + "\", found " + found);
    }
}
