package org.diagonal.plugin.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.Gpt2Graph;
import org.diagonal.plugin.onnx.graph.GraphWeights;
import org.diagonal.plugin.onnx.graph.OnnxFile;
import org.diagonal.plugin.onnx.graph.OnnxGraph;
import org.diagonal.plugin.onnx.graph.ScalingValues;
import org.diagonal.plugin.onnx.run.OnnxModel;

/**
 * Writes and checks one form of a network after another, in the same folder.
 *
 * @param reference float32; what DJL computes of the network
 * @param metadata what every file says of the network
 * @param version the program's
 * @param threads of ONNX Runtime's operators
 */
record FileExport(
        Reference reference,
        ScalingValues scalings,
        ExportSettings settings,
        Map<String, String> metadata,
        String version,
        Optional<FileJudge> judge,
        int threads) {

    /**
     * Writes and checks a form.
     *
     * @throws IllegalStateException if ONNX Runtime does not compute what DJL computes
     */
    ExportedFile write(Path folder, Dtype dtype) throws IOException {
        long begin = System.nanoTime();
        OnnxGraph graph = graph(dtype);
        Path file = folder.resolve(dtype.file());
        Files.createDirectories(file.getParent());
        Map<String, String> said = new LinkedHashMap<>(metadata);
        said.put("dtype", dtype.word());
        OnnxFile.write(file, graph, settings, said, version);
        double seconds = secondsSince(begin);
        Path data = OnnxFile.dataOf(file);
        boolean external = Files.exists(data);
        long bytes = Files.size(file) + (external ? Files.size(data) : 0);
        OptionalDouble rounding = OptionalDouble.empty();
        Verification verification;
        if (dtype == Dtype.FP16) {
            try (NDManager manager = reference.network().owner().newSubManager()) {
                Gpt2 rounded = rounded(reference.network(), manager);
                rounding = OptionalDouble.of(Reference.between(reference.network(), rounded));
                try (Reference other = new Reference(rounded)) {
                    verification = verified(folder, dtype, other);
                }
            }
        } else {
            verification = verified(folder, dtype, reference);
        }
        Optional<PerplexityChange> change = Optional.empty();
        if (judge.isPresent()) {
            change = Optional.of(judge.get().judge(reference.network(), folder, dtype));
        }
        ExportedFile written =
                new ExportedFile(
                        dtype,
                        bytes,
                        external,
                        rounding,
                        verification,
                        change,
                        seconds,
                        secondsSince(begin) - seconds);
        OnnxFile.append(file, written.metadata());
        return written;
    }

    OnnxGraph graph(Dtype dtype) {
        return Gpt2Graph.of(reference.network(), scalings, settings, dtype);
    }

    private Verification verified(Path folder, Dtype dtype, Reference expected) throws IOException {
        double tolerance = dtype.isQuantized() ? Verification.ANY : settings.tolerance();
        // Opening takes one core for a second: DJL computes its part meanwhile.
        try (Ahead<OnnxModel> opened =
                Ahead.of(
                        "onnx-open",
                        () -> OnnxModel.openBriefly(folder, dtype, threads),
                        OnnxModel::close)) {
            Verification found = Verification.of(expected, opened, tolerance);
            if (!found.passes()) {
                throw new IllegalStateException(failure(dtype, found, expected));
            }
            return found;
        }
    }

    private static String failure(Dtype dtype, Verification found, Reference reference) {
        Verification.Check worst =
                found.checks().stream()
                        .filter(check -> !check.passes())
                        .max(Comparator.comparingDouble(Verification.Check::difference))
                        .orElseThrow();
        if (dtype.isQuantized()) {
            return "the %s file gives logits that are not numbers: %s; nothing was kept"
                    .formatted(dtype.word(), worst.name());
        }
        return String.format(
                Locale.ROOT,
                "ONNX Runtime does not compute what DJL computes: %s: difference %.2g, tolerance"
                        + " %.2g; nothing was kept (in DJL alone a change in the embeddings' last"
                        + " digit moves a logit by %.2g; what lies below that is rounding)",
                worst.name(),
                worst.difference(),
                found.tolerance(),
                reference.sensitivity());
    }

    /** A network whose matrices are those that a file of half precision holds. */
    private static Gpt2 rounded(Gpt2 network, NDManager manager) {
        Gpt2 rounded = new Gpt2(network.config());
        for (Map.Entry<String, Parameter> entry : rounded.parameters().entrySet()) {
            NDArray original = network.parameters().get(entry.getKey()).getArray();
            boolean half = GraphWeights.isMatrix(entry.getKey(), original);
            entry.getValue().setInitializer((owner, shape, type) -> copy(original, half, owner));
        }
        rounded.initialize(manager);
        return rounded;
    }

    private static NDArray copy(NDArray original, boolean rounds, NDManager owner) {
        NDArray values;
        if (rounds) {
            try (NDArray half = original.toType(DataType.FLOAT16, true)) {
                values = half.toType(DataType.FLOAT32, true);
            }
        } else {
            values = original.duplicate();
        }
        values.attach(owner);
        return values;
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
