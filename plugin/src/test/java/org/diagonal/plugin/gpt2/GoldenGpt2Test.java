package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.Golden;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parity with what the authors' PyTorch code computes for the same weights. */
class GoldenGpt2Test {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-plain",
                "gpt2-a",
                "gpt2-a-masked-diagonal",
                "gpt2-b",
                "gpt2-ab",
                "gpt2-ab-masked-diagonal"
            })
    void logitsLossAndEveryGradientAreThoseOfTheAuthorsCode(String name) throws Exception {
        Path folder = Golden.folder(name);
        double expectedLoss =
                new ObjectMapper()
                        .readTree(Files.readString(folder.resolve("expected.json")))
                        .path("loss")
                        .asDouble();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = ModelFolder.load(folder, manager);
            ParameterStore store = new ParameterStore(manager, false);
            SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
            NDArray ids = expected.read("input_ids", manager);
            NDArray targets = shifted(ids);

            NDArray logits = network.forward(store, new NDList(ids), false).singletonOrThrow();
            assertThat(largest(logits.sub(expected.read("logits", manager)))).isLessThan(1e-5f);

            long scored = ids.getShape().get(0) * (ids.getShape().get(1) - 1);
            NDArray nats = network.losses(store, ids, targets);
            assertThat(nats.getShape()).isEqualTo(new Shape(scored));
            assertThat(nats.mean().getFloat()).isCloseTo((float) expectedLoss, within(1e-6f));
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                double loss =
                        network.backward(store, collector, ids, targets, 1.0 / scored) / scored;
                assertThat(loss).isCloseTo(expectedLoss, within(1e-6));
            }
            for (var parameter : network.parameters().entrySet()) {
                NDArray gradient = expected.read("grad." + parameter.getKey(), manager);
                NDArray actual = parameter.getValue().getArray().getGradient();
                assertThat(largest(actual.sub(gradient)))
                        .as(parameter.getKey())
                        .isLessThan(1e-5f * largest(gradient));
            }
        }
    }

    private static NDArray shifted(NDArray ids) {
        long rows = ids.getShape().get(0);
        NDArray last = ids.getManager().full(new Shape(rows, 1), -100, DataType.INT64);
        return ids.get(new NDIndex(":, 1:")).concat(last, 1);
    }

    private static float largest(NDArray array) {
        return array.abs().max().getFloat();
    }
}
