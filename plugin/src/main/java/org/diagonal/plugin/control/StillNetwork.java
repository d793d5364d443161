package org.diagonal.plugin.control;

import java.util.Set;
import org.diagonal.plugin.network.Network;

/** A network of which some parameters do not move. */
final class StillNetwork extends WrappedNetwork {

    private final Set<String> still;
    private final Set<String> numbers;

    /** With {@code numbers}, what is trained in the place of scalings. */
    StillNetwork(Network inner, Set<String> still, Set<String> numbers) {
        super(inner);
        this.still = Set.copyOf(still);
        this.numbers = Set.copyOf(numbers);
    }

    @Override
    public Set<String> still() {
        return still;
    }

    @Override
    public Set<String> scalings() {
        return numbers;
    }
}
