package org.diagonal.eval.hub;

import java.io.IOException;

/** There is no way to a server: no network, nobody listens, or the network is switched off. */
final class Unreachable extends IOException {

    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
        super(message, cause);
    }

    Unreachable(String message) {
        super(message);
    }
}
