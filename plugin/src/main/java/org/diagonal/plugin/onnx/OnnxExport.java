package org.diagonal.plugin.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.ExportSettings.Precision;
import org.diagonal.plugin.product.Library;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Writes a GPT-2 as the folder that programs for ONNX expect, and checks it before it gets its
 * name: {@code config.json}, {@code generation_config.json}, {@code tokenizer.json}, {@code
 * tokenizer_config.json}, {@code onnx/model.onnx}.
 */
public final class OnnxExport {

    /** What a folder takes beside the weights, at most: the tokenizer, the graph. */
    private static final long BESIDE_WEIGHTS = 64L << 20;

    private OnnxExport() {}

    /**
     * Where a network came from, for the file's metadata.
     *
     * @param name what the user called it
     * @param sha256 of its weights, {@link org.diagonal.plugin.checkpoint.Checkpoint#sha256}
     * @param adapterSha256 of the scalings, where they came from an adapter
     * @param version of this program
     * @param commit of this program; empty where it is not known
     */
    public record Source(
            String name,
            String sha256,
            Optional<String> adapterSha256,
            String version,
            String commit) {}

    /**
     * What was written.
     *
     * @param parameters of the network, a tied head counted once
     * @param scalings {@code none}, {@code qk}, {@code ov} or {@code both}: those that are not zero
     * @param bytes of {@code model.onnx} and of the data beside it
     * @param isExternal whether there are data beside it
     * @param rounding the largest difference that half precision makes to a logit
     * @param verification the comparison with DJL
     * @param writeSeconds until everything was written
     * @param verifySeconds of checks and comparison
     */
    public record Result(
            long parameters,
            Arm scalings,
            long bytes,
            boolean isExternal,
            OptionalDouble rounding,
            Verification verification,
            double writeSeconds,
            double verifySeconds) {}

    /**
     * Writes and checks a folder.
     *
     * @param network float32 on the CPU
     * @param tokenizer the network's, if it has one
     * @param out does not exist, or is an empty folder
     * @param threads of ONNX Runtime's operators
     * @throws IllegalArgumentException if the settings do not fit the network, or a weight is
     *     beyond the range of half precision
     * @throws IllegalStateException if ONNX Runtime does not compute what DJL computes
     * @throws IOException if the place is taken, too small, or cannot be written
     */
    public static Result write(
            Gpt2 network,
            Optional<ModelTokenizer> tokenizer,
            ExportSettings settings,
            Source source,
            Path out,
            int threads)
            throws IOException {
        Library.ONNX_FORMAT.require("exporting to ONNX");
        Library.ONNX_RUNTIME.require("checking an ONNX export");
        Gpt2Config config = network.config();
        if (config.regression() && settings.cacheLayout() != CacheLayout.NONE) {
            throw new IllegalArgumentException(
                    "a model that reads out a real number has no cache: cacheLayout="
                            + settings.cacheLayout());
        }
        long begin = System.nanoTime();
        ScalingValues scalings = ScalingValues.of(network);
        OnnxGraph graph = Gpt2Graph.of(network, scalings, settings);
        boolean external = OnnxFile.isExternal(graph.weights(), settings.externalData());
        requireFree(out);
        requireSpace(out, OnnxFile.size(graph.weights()) + BESIDE_WEIGHTS);
        Map<String, String> metadata = metadata(config, scalings, settings, source);
        Written written = new Written();
        AtomicFiles.writeFolder(
                out,
                part -> {
                    if (tokenizer.isPresent()) {
                        tokenizer.get().save(part);
                    }
                    String json =
                            ExportedConfig.json(config, scalings, settings.cacheLayout(), external);
                    Files.writeString(part.resolve("config.json"), json);
                    Files.writeString(
                            part.resolve("generation_config.json"),
                            ExportedConfig.generation(config));
                    Path file = part.resolve(OnnxModel.FILE);
                    Files.createDirectory(file.getParent());
                    OnnxFile.write(file, graph, settings, metadata, source.version());
                    written.seconds = secondsSince(begin);
                    written.bytes = bytes(file);
                    written.verify(network, settings, part, threads);
                });
        return new Result(
                parameters(network, scalings),
                scalings.settings().arm(),
                written.bytes,
                external,
                written.rounding,
                written.verification.orElseThrow(),
                written.seconds,
                secondsSince(begin) - written.seconds);
    }

    /** What is known only once the folder is filled. */
    private static final class Written {

        private double seconds;
        private long bytes;
        private OptionalDouble rounding = OptionalDouble.empty();
        private Optional<Verification> verification = Optional.empty();

        void verify(Gpt2 network, ExportSettings settings, Path folder, int threads)
                throws IOException {
            // Opening takes one core for a second: DJL computes its part meanwhile.
            try (Ahead<OnnxModel> opened =
                            Ahead.of(
                                    "onnx-open",
                                    () -> OnnxModel.openBriefly(folder, threads),
                                    OnnxModel::close);
                    NDManager manager = network.owner().newSubManager()) {
                Gpt2 reference = network;
                if (settings.precision() == Precision.FP16) {
                    reference = rounded(network, manager);
                    rounding = OptionalDouble.of(Verification.between(network, reference));
                }
                Verification found = Verification.of(reference, opened, settings.tolerance());
                if (!found.passes()) {
                    throw new IllegalStateException(failure(found, reference));
                }
                verification = Optional.of(found);
            }
        }
    }

    private static String failure(Verification found, Gpt2 network) {
        Verification.Check worst =
                found.checks().stream()
                        .filter(check -> !check.passes())
                        .max(Comparator.comparingDouble(Verification.Check::difference))
                        .orElseThrow();
        return String.format(
                Locale.ROOT,
                "ONNX Runtime does not compute what DJL computes: %s: difference %.2g, tolerance"
                        + " %.2g; nothing was kept (in DJL alone a change in the embeddings' last"
                        + " digit moves a logit by %.2g; what lies below that is rounding)",
                worst.name(),
                worst.difference(),
                found.tolerance(),
                Verification.sensitivity(network));
    }

    /** A network whose matrices are those that a file of half precision holds. */
    private static Gpt2 rounded(Gpt2 network, NDManager manager) {
        Gpt2 rounded = new Gpt2(network.config());
        for (Map.Entry<String, Parameter> entry : rounded.parameters().entrySet()) {
            NDArray original = network.parameters().get(entry.getKey()).getArray();
            entry.getValue().setInitializer((owner, shape, type) -> rounded(original, owner));
        }
        rounded.initialize(manager);
        return rounded;
    }

    private static NDArray rounded(NDArray original, NDManager owner) {
        NDArray values;
        if (original.getShape().dimension() == 2) {
            try (NDArray half = original.toType(DataType.FLOAT16, true)) {
                values = half.toType(DataType.FLOAT32, true);
            }
        } else {
            values = original.duplicate();
        }
        values.attach(owner);
        return values;
    }

    private static long parameters(Gpt2 network, ScalingValues scalings) {
        return network.parameters().entrySet().stream()
                .filter(e -> !scalings.isNone() || !network.scalings().contains(e.getKey()))
                .mapToLong(e -> e.getValue().getArray().size())
                .sum();
    }

    private static Map<String, String> metadata(
            Gpt2Config config, ScalingValues scalings, ExportSettings settings, Source source) {
        Map<String, String> metadata =
                new LinkedHashMap<>(
                        ExportedConfig.metadata(config, scalings, settings.cacheLayout()));
        metadata.put("source", source.name);
        metadata.put("source_sha256", source.sha256);
        source.adapterSha256.ifPresent(hash -> metadata.put("adapter_sha256", hash));
        if (!source.commit.isEmpty()) {
            metadata.put("commit", source.commit);
        }
        return metadata;
    }

    /** Refuses a place that holds something. */
    public static void requireFree(Path out) throws IOException {
        if (AtomicFiles.isEmptyFolder(out)) {
            return;
        }
        if (Files.isDirectory(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(out.toString(), null, "is not empty and not overwritten");
        }
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(
                    out.toString(), null, "is there already and not overwritten");
        }
        AtomicFiles.requirePlace(out);
    }

    /** Refuses a disk that is too small, before anything is written. */
    static void requireSpace(Path out, long bytes) throws IOException {
        Path above = out.toAbsolutePath().normalize();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        long free = Files.getFileStore(above).getUsableSpace();
        if (free < bytes) {
            throw new FileSystemException(
                    out.toString(),
                    null,
                    "needs %d MB, and its disk has %d MB left"
                            .formatted(bytes / 1_000_000, free / 1_000_000));
        }
    }

    private static long bytes(Path file) throws IOException {
        Path data = OnnxFile.dataOf(file);
        return Files.size(file) + (Files.exists(data) ? Files.size(data) : 0);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
