package org.diagonal.plugin.control;

import java.util.LinkedHashSet;
import java.util.Set;
import org.diagonal.plugin.network.Network;

/** A network of which some parameters do not move. */
final class StillNetwork extends WrappedNetwork {

    private final Set<String> still;

    StillNetwork(Network inner, Set<String> still) {
        super(inner);
        this.still = Set.copyOf(still);
    }

    @Override
    public Set<String> still() {
        return still;
    }

    /** Those that move. */
    @Override
    public Set<String> scalings() {
        Set<String> moving = new LinkedHashSet<>(inner().scalings());
        moving.removeAll(still);
        return moving;
    }
}
