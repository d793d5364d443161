package org.diagonal.plugin;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/**
 * Small models with the figures that the authors' code computes for them. Some lie among the test
 * resources, so that every clone proves parity; more may lie beside a checkout.
 */
public final class Golden {

    private Golden() {}

    /**
     * A model's folder; ends the test, saying so, where only a checkout with data beside it has it.
     */
    public static Path folder(String name) {
        URL bundled = Golden.class.getResource("/golden/" + name + "/expected.json");
        return bundled == null ? Shared.folder("golden/" + name) : path(bundled).getParent();
    }

    private static Path path(URL url) {
        try {
            return Path.of(new URI(url.toString()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
