package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The inputs and outputs of a language model's file.
 *
 * <p>Letters: B batch, S new positions, P past positions, d width of a head, V vocabulary.
 *
 * @param inputs all of their names
 * @param cache what follows {@code past_key_values.} and {@code present.} in the names of the
 *     cache; empty where there is none
 * @param heads of the cache
 * @param headWidth d
 * @param logits the shape (B, S, V), or (B, 1) where the last position alone is read out; −1 where
 *     it depends on the input
 */
public record ModelInterface(
        Set<String> inputs, List<String> cache, long heads, long headWidth, List<Long> logits) {

    public static final String IDS = "input_ids";
    public static final String MASK = "attention_mask";
    public static final String POSITIONS = "position_ids";
    public static final String LOGITS = "logits";
    public static final String PAST = "past_key_values.";
    public static final String PRESENT = "present.";

    private static final long LARGEST = 1 << 24;

    /**
     * Reads and checks them before anything is computed.
     *
     * @throws FileSystemException if the file is not a model of this kind
     */
    static ModelInterface of(Path file, OrtSession session)
            throws OrtException, FileSystemException {
        if (!session.getInputNames().contains(IDS) || !session.getOutputNames().contains(LOGITS)) {
            throw new FileSystemException(
                    file.toString(), null, "is no language model: expected input_ids and logits");
        }
        List<String> cache = new ArrayList<>();
        long heads = 0;
        long headWidth = 0;
        for (Map.Entry<String, NodeInfo> node : session.getInputInfo().entrySet()) {
            if (node.getKey().startsWith(PAST)) {
                long[] past = shape(file, node.getValue(), 4, 4); // (B, H, P, d)
                requireSize(file, node.getKey(), past[1]);
                requireSize(file, node.getKey(), past[3]);
                if (cache.isEmpty()) {
                    heads = past[1];
                    headWidth = past[3];
                }
                cache.add(node.getKey().substring(PAST.length()));
            }
        }
        long[] said = shape(file, session.getOutputInfo().get(LOGITS), 2, 3);
        requireSize(file, LOGITS, said[said.length - 1]);
        return new ModelInterface(
                Set.copyOf(session.getInputNames()),
                List.copyOf(cache),
                heads,
                headWidth,
                Arrays.stream(said).boxed().toList());
    }

    private static long[] shape(Path file, NodeInfo node, int least, int most)
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

    /** V, or 1 where the model reads out a real number. */
    int outputs() {
        return logits.get(logits.size() - 1).intValue();
    }

    boolean readsLastAlone() {
        return logits.size() == 2;
    }

    /** The shape of the logits for an input. */
    long[] logitsShape(int batch, int length) {
        return readsLastAlone()
                ? new long[] {batch, outputs()}
                : new long[] {batch, length, outputs()};
    }
}
