package org.diagonal.plugin.product;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Something was used that needs a library which the class path lacks. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public final class MissingLibraryException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    MissingLibraryException(String message) {
        super(message);
    }
}
