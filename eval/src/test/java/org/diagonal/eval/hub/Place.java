package org.diagonal.eval.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of tests: a cache and a server, without a token and without proxies. */
public final class Place {

    private Place() {}

    /** Settings with the program's own patience. */
    public static Settings of(Path cache, URI endpoint, boolean offline) {
        return new Settings(
                cache,
                endpoint,
                offline,
                Optional.empty(),
                Download.Patience.DEFAULT.stall(),
                Proxies.NONE);
    }
}
