package org.diagonal.eval.hub;

import java.io.IOException;

/** A try to download that failed in a way that another try may not. */
final class Cut extends IOException {

    private static final long serialVersionUID = 1L;

    Cut(String message, Throwable cause) {
        super(message, cause);
    }

    Cut(String message) {
        super(message);
    }
}
