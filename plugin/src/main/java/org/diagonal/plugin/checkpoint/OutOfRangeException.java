package org.diagonal.plugin.checkpoint;

/** Values that the element type which they are to be written in cannot hold. */
public final class OutOfRangeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    OutOfRangeException(String message) {
        super(message);
    }
}
