package org.diagonal.eval.evaluate;

import java.io.IOException;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.identity.ScalingFactors;
import org.diagonal.plugin.network.Network;

/**
 * A model that is loaded once and measured several times, each time with its scalings changed in
 * another way.
 *
 * @param model which model it is
 * @param network its network, which has its own scalings between measurements
 * @param measure how it is measured
 * @param <E> a measurement
 */
public record LoadedModel<E>(MeasuredModel model, Network network, Measure<E> measure) {

    /** Measures the network as it stands. */
    @FunctionalInterface
    public interface Measure<E> {

        /**
         * Measures.
         *
         * @param model what the measurement says it is of
         */
        E of(Workplace place, MeasuredModel model) throws IOException;
    }

    /** What is done with a model while it is loaded. */
    @FunctionalInterface
    public interface Use<E, R> {

        /** Uses the model, which is gone afterwards. */
        R of(LoadedModel<E> model) throws IOException;
    }

    /** Measures the model as it is. */
    public E measure(Workplace place) throws IOException {
        return measure.of(place, model);
    }

    /** Measures the model with its scalings changed, which the measurement says. */
    public E measure(Workplace place, ChangedScalings change) throws IOException {
        return measure(place, change.factors(), model.changed(change));
    }

    /**
     * Measures the model with its scalings changed, under the name of the unchanged one: for
     * measurements that are compared with it.
     */
    public E measure(Workplace place, ScalingFactors factors) throws IOException {
        return measure(place, factors, model);
    }

    private E measure(Workplace place, ScalingFactors factors, MeasuredModel named)
            throws IOException {
        ChangedNetwork changed = ChangedNetwork.of(network, factors);
        try {
            return measure.of(place, named);
        } finally {
            changed.restore();
        }
    }
}
