package org.diagonal.plugin.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
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

/**
 * An exported folder in ONNX Runtime: ids in, logits out, with a cache of what is past if the file
 * has one.
 *
 * <p>Letters: B batch, S new positions, P past positions, V vocabulary. For one thread at a time.
 */
public final class OnnxModel implements AutoCloseable {

    /** The file's place in a folder. */
    public static final String FILE = "onnx/model.onnx";

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String POSITIONS = "position_ids";
    private static final String LOGITS = "logits";
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";
    private static final long LARGEST = 1 << 24;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Set<String> inputs;
    private final List<String> cache; // what follows past_key_values. and present.
    private final long heads;
    private final long headWidth;
    private final long[] logitsShape; // -1 where it depends on the input
    private ByteBuffer logits = bytes(0); // kept, since of a long context it is large

    private OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = session.getInputNames();
        this.cache =
                inputs.stream()
                        .filter(name -> name.startsWith(PAST))
                        .map(name -> name.substring(PAST.length()))
                        .toList();
        this.logitsShape = shape(session.getOutputInfo().get(LOGITS));
        if (cache.isEmpty()) {
            heads = 0;
            headWidth = 0;
        } else {
            long[] past = shape(session.getInputInfo().get(PAST + cache.get(0))); // (B, H, P, d)
            heads = past[1];
            headWidth = past[3];
        }
    }

    private static long[] shape(NodeInfo node) {
        return ((TensorInfo) node.getInfo()).getShape();
    }

    /**
     * Opens a folder's {@value #FILE}, by its path, so that data beside it are found.
     *
     * @param threads of one operator
     * @throws NoSuchFileException if the folder holds no such file
     * @throws FileSystemException if it or the data beside it are damaged, or it is no model of
     *     this kind
     */
    public static OnnxModel open(Path folder, int threads) throws IOException {
        return open(folder, threads, true);
    }

    /**
     * The same for a few runs: weights stay as they lie in the file, which opens sooner and takes
     * less memory.
     */
    static OnnxModel openBriefly(Path folder, int threads) throws IOException {
        return open(folder, threads, false);
    }

    private static OnnxModel open(Path folder, int threads, boolean packs) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    folder.toString(), null, "is no exported folder: it holds no " + FILE);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = Sessions.open(environment, file, threads, packs);
        try {
            if (session.getInputNames().contains(IDS)
                    && session.getOutputNames().contains(LOGITS)) {
                requireShapes(file, session);
                return new OnnxModel(environment, session);
            }
            session.close();
        } catch (OrtException e) {
            throw failed(e);
        }
        throw new FileSystemException(
                file.toString(), null, "is no language model: expected input_ids and logits");
    }

    /** Checks what is computed with before anything is. */
    private static void requireShapes(Path file, OrtSession session)
            throws OrtException, FileSystemException {
        for (Map.Entry<String, NodeInfo> node : session.getInputInfo().entrySet()) {
            if (node.getKey().startsWith(PAST)) {
                long[] past = requireShape(file, node.getValue(), 4, 4);
                requireSize(file, node.getKey(), past[1]);
                requireSize(file, node.getKey(), past[3]);
            }
        }
        long[] said = requireShape(file, session.getOutputInfo().get(LOGITS), 2, 3);
        requireSize(file, LOGITS, said[said.length - 1]);
    }

    private static long[] requireShape(Path file, NodeInfo node, int least, int most)
            throws FileSystemException {
        long[] shape =
                node.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
        if (shape.length < least || shape.length > most) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "%s has shape %s, expected %d dimensions"
                            .formatted(node.getName(), Arrays.toString(shape), most));
        }
        return shape;
    }

    private static void requireSize(Path file, String name, long size) throws FileSystemException {
        if (size < 1 || size > LARGEST) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "%s has a dimension of %d, expected 1 to %d".formatted(name, size, LARGEST));
        }
    }

    /** Whether a step can go on from another. */
    public boolean hasCache() {
        return !cache.isEmpty();
    }

    /** The pairs of keys and values in the cache, those that carry hidden states counted. */
    public int cacheLayers() {
        return cache.size() / 2;
    }

    /** V, or 1 where the model reads out a real number. */
    public int outputs() {
        return (int) logitsShape[logitsShape.length - 1];
    }

    /** Whether the model reads out the last position alone: logits (B, 1). */
    public boolean readsLastAlone() {
        return logitsShape.length == 2;
    }

    /** What the file says of itself: producer, true depth, scalings, source. */
    public Map<String, String> metadata() {
        try {
            return Map.copyOf(session.getMetadata().getCustomMetadata());
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    /**
     * What one call computed, and the cache that the next one may go on from. Close it when the
     * next is there.
     */
    public static final class Step implements AutoCloseable {

        private final Map<String, OnnxTensor> present; // (B, H, P + S, d), all of them its own
        private final ByteBuffer logits;
        private final int batch;
        private final int total;

        private Step(Map<String, OnnxTensor> present, ByteBuffer logits, int batch, int total) {
            this.present = present;
            this.logits = logits;
            this.batch = batch;
            this.total = total;
        }

        /**
         * Logits (B, S, V), or (B, 1) of a model that reads out the last position alone; a view
         * that holds until the model's next call.
         */
        public FloatBuffer logits() {
            return logitBytes().asFloatBuffer();
        }

        /** The same as direct memory, which an NDArray can be made of without a copy. */
        public ByteBuffer logitBytes() {
            return logits.duplicate().order(ByteOrder.nativeOrder());
        }

        /** B. */
        public int batch() {
            return batch;
        }

        /** P + S: the positions that the cache holds. */
        public int length() {
            return total;
        }

        /** Frees the cache. */
        @Override
        public void close() {
            present.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * Reads rows from their beginning.
     *
     * @param inputIds (B, S)
     * @param attentionMask (B, S): 0 for padding, which stands on the left, else 1
     * @param positionIds (B, S): 0, 1, … from the first id that is no padding
     */
    public Step run(long[][] inputIds, long[][] attentionMask, long[][] positionIds) {
        return run(inputIds, attentionMask, positionIds, List.of(), 0);
    }

    /** Reads rows without padding from their beginning, (B, S). */
    public Step run(long[][] inputIds) {
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
    public Step run(long[][] inputIds, long[][] attentionMask, long[][] positionIds, Step past) {
        if (!hasCache()) {
            throw new IllegalArgumentException("the model was exported without a cache");
        }
        if (past.batch != inputIds.length) {
            throw new IllegalArgumentException(
                    "rows must be as many as before: rows=%d, before=%d"
                            .formatted(inputIds.length, past.batch));
        }
        return run(inputIds, attentionMask, positionIds, List.of(past), past.total);
    }

    private Step run(
            long[][] inputIds,
            long[][] attentionMask,
            long[][] positionIds,
            List<Step> past,
            int before) {
        int batch = inputIds.length;
        int total = before + inputIds[0].length;
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        List<OnnxTensor> own = new ArrayList<>();
        try {
            own.add(tensor(IDS, inputIds, inputIds[0].length));
            feeds.put(IDS, own.get(0));
            own.add(tensor(MASK, attentionMask, total));
            feeds.put(MASK, own.get(1));
            if (inputs.contains(POSITIONS)) {
                own.add(tensor(POSITIONS, positionIds, inputIds[0].length));
                feeds.put(POSITIONS, own.get(2));
            }
            for (String name : cache) {
                if (past.isEmpty()) {
                    long[] none = {batch, heads, 0, headWidth};
                    own.add(OnnxTensor.createTensor(environment, floats(0), none));
                    feeds.put(PAST + name, own.get(own.size() - 1));
                } else {
                    feeds.put(PAST + name, past.get(0).present.get(name));
                }
            }
            return run(feeds, batch, total, inputIds[0].length);
        } catch (OrtException e) {
            throw failed(e);
        } finally {
            own.forEach(OnnxTensor::close);
        }
    }

    private Step run(Map<String, OnnxTensor> feeds, int batch, int total, int length)
            throws OrtException {
        long[] shape = logitsShape.clone();
        shape[0] = batch;
        if (!readsLastAlone()) {
            shape[1] = length;
        }
        int size = Math.toIntExact(Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact));
        if (logits.capacity() < size) {
            logits = bytes(size);
        }
        ByteBuffer said = logits.duplicate().order(ByteOrder.nativeOrder()).limit(size);
        Set<String> wanted =
                cache.stream()
                        .map(name -> PRESENT + name)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        // Logits go into memory of ours: read from ONNX Runtime's they would be copied to the heap.
        try (OnnxTensor into = OnnxTensor.createTensor(environment, said.asFloatBuffer(), shape)) {
            OrtSession.Result result = session.run(feeds, wanted, Map.of(LOGITS, into));
            Map<String, OnnxTensor> present = new HashMap<>();
            cache.forEach(
                    name ->
                            present.put(
                                    name, (OnnxTensor) result.get(PRESENT + name).orElseThrow()));
            return new Step(present, said, batch, total);
        }
    }

    /**
     * A copy of the first positions of a step's cache, to go on from there in another way; it has
     * no logits.
     *
     * @param positions at most those of the step
     */
    Step first(Step step, int positions) {
        Map<String, OnnxTensor> kept = new HashMap<>();
        try {
            for (String name : cache) {
                FloatBuffer all = step.present.get(name).getFloatBuffer();
                int head = step.total * (int) headWidth;
                int keptOfHead = positions * (int) headWidth;
                FloatBuffer some = floats(all.capacity() / head * keptOfHead);
                for (int from = 0; from < all.capacity(); from += head) {
                    some.put(all.slice(from, keptOfHead));
                }
                long[] shape = {step.batch, heads, positions, headWidth};
                kept.put(name, OnnxTensor.createTensor(environment, some.flip(), shape));
            }
        } catch (OrtException e) {
            kept.values().forEach(OnnxTensor::close);
            throw failed(e);
        }
        return new Step(kept, bytes(0), step.batch, positions);
    }

    private OnnxTensor tensor(String name, long[][] rows, int length) throws OrtException {
        LongBuffer values =
                ByteBuffer.allocateDirect(Math.multiplyExact(rows.length * length, Long.BYTES))
                        .order(ByteOrder.nativeOrder())
                        .asLongBuffer();
        for (long[] row : rows) {
            if (row.length != length) {
                throw new IllegalArgumentException(
                        "%s must have rows of %d: %d".formatted(name, length, row.length));
            }
            values.put(row);
        }
        return OnnxTensor.createTensor(
                environment, values.flip(), new long[] {rows.length, length});
    }

    private static FloatBuffer floats(int size) {
        return bytes(Math.multiplyExact(size, Float.BYTES)).asFloatBuffer();
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private static IllegalStateException failed(OrtException e) {
        return new IllegalStateException("ONNX Runtime: " + Sessions.firstLine(e), e);
    }

    /** Frees the model; steps must be closed before. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw failed(e);
        }
    }
}
