package org.diagonal.eval.train;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.identity.Circuit;

/**
 * The scalings that a model has learned, from its checkpoint, without an engine.
 *
 * @param values for every circuit that has any, a list for every layer with a value for every head
 */
record LearnedScalings(Map<Circuit, List<List<Double>>> values) {

    /**
     * Reads a model's.
     *
     * @throws FileSystemException if the checkpoint is damaged, or a scaling is not finite: it
     *     names the tensor
     */
    static LearnedScalings read(Path model) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(model);
        Map<Circuit, List<List<Double>>> values = new EnumMap<>(Circuit.class);
        for (Circuit circuit : Circuit.values()) {
            List<List<Double>> layers = new ArrayList<>();
            while (checkpoint.names().contains(circuit.parameter(layers.size()))) {
                layers.add(heads(checkpoint, circuit.parameter(layers.size())));
            }
            if (!layers.isEmpty()) {
                values.put(circuit, layers);
            }
        }
        return new LearnedScalings(values);
    }

    private static List<Double> heads(Checkpoint checkpoint, String name) throws IOException {
        List<Double> heads = new ArrayList<>();
        for (float value : checkpoint.floats(name, checkpoint.info(name).shape())) {
            heads.add((double) value);
        }
        return heads;
    }

    /**
     * The mean of several models' scalings of a circuit.
     *
     * @param all at least one, of networks of the same shape, each with the circuit
     */
    static List<List<Double>> mean(List<LearnedScalings> all, Circuit circuit) {
        List<List<Double>> first = all.get(0).values.get(circuit);
        List<List<Double>> mean = new ArrayList<>();
        for (int layer = 0; layer < first.size(); layer++) {
            List<Double> heads = new ArrayList<>();
            for (int head = 0; head < first.get(layer).size(); head++) {
                double sum = 0;
                for (LearnedScalings one : all) {
                    sum += one.values.get(circuit).get(layer).get(head);
                }
                heads.add(sum / all.size());
            }
            mean.add(heads);
        }
        return mean;
    }
}
