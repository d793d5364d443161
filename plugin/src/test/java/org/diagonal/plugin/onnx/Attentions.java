package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Map;

/** Runs a file with ONNX Runtime alone, and reads its attention weights. */
final class Attentions {

    private Attentions() {}

    /** Rows of weights are causal, leave padding out and sum to one. */
    static void check(Path file, int layers, int heads) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[][] mask = {{1, 1, 1, 1}, {0, 1, 1, 1}};
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor ids =
                        OnnxTensor.createTensor(
                                environment, new long[][] {{5, 6, 7, 8}, {0, 6, 7, 8}});
                OnnxTensor real = OnnxTensor.createTensor(environment, mask);
                OnnxTensor positions =
                        OnnxTensor.createTensor(
                                environment, new long[][] {{0, 1, 2, 3}, {0, 0, 1, 2}});
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", ids,
                                        "attention_mask", real,
                                        "position_ids", positions))) {
            for (int layer = 0; layer < layers; layer++) {
                float[][][][] weights =
                        (float[][][][]) result.get("attentions." + layer).orElseThrow().getValue();
                for (int row = 0; row < 2; row++) {
                    assertThat(weights[row]).hasNumberOfRows(heads);
                    for (float[][] head : weights[row]) {
                        checkHead(head, mask[row]);
                    }
                }
            }
        }
    }

    private static void checkHead(float[][] head, long[] mask) {
        for (int query = 0; query < mask.length; query++) {
            if (mask[query] == 0) {
                continue;
            }
            double sum = 0;
            for (int key = 0; key < mask.length; key++) {
                sum += head[query][key];
                if (key > query || mask[key] == 0) {
                    assertThat(head[query][key]).isZero();
                } else {
                    assertThat(head[query][key]).isPositive();
                }
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }
}
