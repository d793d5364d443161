package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.product.MissingLibraryException;

/**
 * An exported folder in ONNX Runtime: ids in, logits out, with a cache of what is past if the file
 * has one.
 *
 * <p>Letters: B batch, S new positions, P past positions, V vocabulary. For one thread at a time.
 * It catches no exception of ONNX Runtime itself, so that it loads, and says what is missing, where
 * the library is not on the class path.
 */
public final class OnnxModel implements AutoCloseable {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Dtype dtype;
    private final ModelInterface io;
    private ByteBuffer logits = DirectMemory.bytes(0); // kept, since of a long context it is large

    private OnnxModel(
            OrtEnvironment environment, OrtSession session, Dtype dtype, ModelInterface io) {
        this.environment = environment;
        this.session = session;
        this.dtype = dtype;
        this.io = io;
    }

    /**
     * Opens the first form that a folder holds, in the order of {@link Dtype}.
     *
     * @param threads of one operator
     * @throws NoSuchFileException if the folder holds none
     * @throws FileSystemException if it or the data beside it are damaged, or it is not a model of
     *     this kind
     * @throws MissingLibraryException if ONNX Runtime is not on the class path
     */
    public static OnnxModel open(Path folder, int threads) throws IOException {
        List<Dtype> dtypes = Dtype.in(folder);
        if (dtypes.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "is not an exported folder: it holds no " + Dtype.FP32.file());
        }
        return open(folder, dtypes.get(0), threads);
    }

    /**
     * Opens one form, by its path, so that data beside it are found.
     *
     * @param threads of one operator
     * @throws NoSuchFileException if the folder does not hold it
     * @throws FileSystemException if it or the data beside it are damaged, or it is not a model of
     *     this kind
     */
    public static OnnxModel open(Path folder, Dtype dtype, int threads) throws IOException {
        return open(folder, dtype, threads, true);
    }

    /**
     * The same for a few runs: weights stay as they lie in the file, which opens sooner and takes
     * less memory.
     */
    public static OnnxModel openBriefly(Path folder, Dtype dtype, int threads) throws IOException {
        return open(folder, dtype, threads, dtype == Dtype.Q4);
    }

    private static OnnxModel open(Path folder, Dtype dtype, int threads, boolean packs)
            throws IOException {
        Path file = folder.resolve(dtype.file());
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "holds no %s: %s".formatted(dtype.file(), forms(folder)));
        }
        OrtEnvironment environment = OnnxRuntime.environment();
        OrtSession session = Sessions.open(environment, file, threads, packs);
        boolean opened = false;
        try {
            ModelInterface io = Sessions.call(() -> ModelInterface.of(file, session));
            opened = true;
            return new OnnxModel(environment, session, dtype, io);
        } finally {
            if (!opened) {
                close(session);
            }
        }
    }

    private static String forms(Path folder) {
        String found = Dtype.in(folder).stream().map(Dtype::word).collect(Collectors.joining(", "));
        return found.isEmpty() ? "it is not an exported folder" : "it has " + found;
    }

    /** The form of the file. */
    public Dtype dtype() {
        return dtype;
    }

    /** Whether a step can go on from another. */
    public boolean hasCache() {
        return !io.cache().isEmpty();
    }

    /** The pairs of keys and values in the cache, those that carry hidden states counted. */
    public int cacheLayers() {
        return io.cache().size() / 2;
    }

    /** V, or 1 where the model reads out a real number. */
    public int outputs() {
        return io.outputs();
    }

    /** Whether the model reads out the last position alone: logits (B, 1). */
    public boolean readsLastAlone() {
        return io.readsLastAlone();
    }

    /** What the file says of itself: producer, true depth, scalings, source. */
    public Map<String, String> metadata() {
        return Sessions.call(() -> Map.copyOf(session.getMetadata().getCustomMetadata()));
    }

    /**
     * Reads rows from their beginning.
     *
     * @param inputIds (B, S)
     * @param attentionMask (B, S): 0 for padding, which stands on the left, else 1
     * @param positionIds (B, S): 0, 1, … from the first id that is no padding
     */
    public OnnxStep run(long[][] inputIds, long[][] attentionMask, long[][] positionIds) {
        return run(inputIds, attentionMask, positionIds, List.of(), 0);
    }

    /** Reads rows without padding from their beginning, (B, S). */
    public OnnxStep run(long[][] inputIds) {
        int length = inputIds[0].length;
        long[] ones = new long[length];
        Arrays.fill(ones, 1);
        long[] positions = new long[length];
        Arrays.setAll(positions, i -> i);
        long[][] mask = new long[inputIds.length][];
        Arrays.fill(mask, ones);
        long[][] positionIds = new long[inputIds.length][];
        Arrays.fill(positionIds, positions);
        return run(inputIds, mask, positionIds);
    }

    /**
     * Reads on after another step, which stays open and as it was.
     *
     * @param attentionMask (B, P + S)
     * @param past a step of this model with the same B
     */
    public OnnxStep run(
            long[][] inputIds, long[][] attentionMask, long[][] positionIds, OnnxStep past) {
        if (!hasCache()) {
            throw new IllegalArgumentException("the model was exported without a cache");
        }
        if (past.batch() != inputIds.length) {
            throw new IllegalArgumentException(
                    "rows must be as many as before: rows=%d, before=%d"
                            .formatted(inputIds.length, past.batch()));
        }
        return run(inputIds, attentionMask, positionIds, List.of(past), past.length());
    }

    private OnnxStep run(
            long[][] inputIds,
            long[][] attentionMask,
            long[][] positionIds,
            List<OnnxStep> past,
            int before) {
        int batch = inputIds.length;
        int total = before + inputIds[0].length;
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        List<OnnxTensor> own = new ArrayList<>();
        try {
            own.add(tensor(ModelInterface.IDS, inputIds, inputIds[0].length));
            feeds.put(ModelInterface.IDS, own.get(0));
            own.add(tensor(ModelInterface.MASK, attentionMask, total));
            feeds.put(ModelInterface.MASK, own.get(1));
            if (io.inputs().contains(ModelInterface.POSITIONS)) {
                own.add(tensor(ModelInterface.POSITIONS, positionIds, inputIds[0].length));
                feeds.put(ModelInterface.POSITIONS, own.get(2));
            }
            for (String name : io.cache()) {
                if (past.isEmpty()) {
                    own.add(nothing(batch));
                    feeds.put(ModelInterface.PAST + name, own.get(own.size() - 1));
                } else {
                    feeds.put(ModelInterface.PAST + name, past.get(0).present().get(name));
                }
            }
            return run(feeds, batch, total, inputIds[0].length);
        } finally {
            own.forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, long[][] rows, int length) {
        return Sessions.call(() -> DirectMemory.tensor(environment, name, rows, length));
    }

    /** A past without positions. */
    private OnnxTensor nothing(int batch) {
        return tensor(DirectMemory.floats(0), batch, io.heads(), 0, io.headWidth());
    }

    private OnnxTensor tensor(FloatBuffer values, long... shape) {
        return Sessions.call(() -> OnnxTensor.createTensor(environment, values, shape));
    }

    private OnnxStep run(Map<String, OnnxTensor> feeds, int batch, int total, int length) {
        long[] shape = io.logitsShape(batch, length);
        int size = Math.toIntExact(Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact));
        if (logits.capacity() < size) {
            logits = DirectMemory.bytes(size);
        }
        ByteBuffer said = logits.duplicate().order(ByteOrder.nativeOrder()).limit(size);
        Set<String> wanted =
                io.cache().stream()
                        .map(name -> ModelInterface.PRESENT + name)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        // Logits go into memory of ours: read from ONNX Runtime's they would be copied to the heap.
        try (OnnxTensor into = tensor(said.asFloatBuffer(), shape)) {
            OrtSession.Result result =
                    Sessions.call(
                            () -> session.run(feeds, wanted, Map.of(ModelInterface.LOGITS, into)));
            Map<String, OnnxTensor> present = new HashMap<>();
            for (String name : io.cache()) {
                present.put(
                        name, (OnnxTensor) result.get(ModelInterface.PRESENT + name).orElseThrow());
            }
            return new OnnxStep(present, said, batch, total);
        }
    }

    /**
     * A copy of the first positions of a step's cache, to go on from there in another way; it has
     * no logits.
     *
     * @param positions at most those of the step
     */
    public OnnxStep first(OnnxStep step, int positions) {
        Map<String, OnnxTensor> kept = new HashMap<>();
        boolean whole = false;
        try {
            for (String name : io.cache()) {
                FloatBuffer all = Sessions.call(step.present().get(name)::getFloatBuffer);
                int head = step.length() * (int) io.headWidth();
                int keptOfHead = positions * (int) io.headWidth();
                FloatBuffer some = DirectMemory.floats(all.capacity() / head * keptOfHead);
                for (int from = 0; from < all.capacity(); from += head) {
                    some.put(all.slice(from, keptOfHead));
                }
                kept.put(
                        name,
                        tensor(some.flip(), step.batch(), io.heads(), positions, io.headWidth()));
            }
            whole = true;
        } finally {
            if (!whole) {
                kept.values().forEach(OnnxTensor::close);
            }
        }
        return new OnnxStep(kept, DirectMemory.bytes(0), step.batch(), positions);
    }

    /** Frees the model; steps must be closed before. */
    @Override
    public void close() {
        close(session);
    }

    private static void close(OrtSession session) {
        Sessions.call(
                () -> {
                    session.close();
                    return true;
                });
    }
}
