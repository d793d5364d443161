package org.diagonal.plugin.gpt2;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.identity.LoraAdapter;

/** The file of a LoRA adapter: what it adds to the matrices of a GPT-2. */
final class LoraWeights {

    /** GPT-2's matrices (in, out) in a layer. */
    private static final Pattern MATRIX =
            Pattern.compile(
                    "transformer\\.h\\.\\d+\\.(attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)");

    private static final String PICKLE = "adapter_model.bin";

    private final LoraAdapter adapter;
    private final SafetensorsFile file;
    private final Map<String, LoraAdapter.Pair> pairs; // by module

    private LoraWeights(
            LoraAdapter adapter, SafetensorsFile file, Map<String, LoraAdapter.Pair> pairs) {
        this.adapter = adapter;
        this.file = file;
        this.pairs = pairs;
    }

    /**
     * Reads the header.
     *
     * @throws IOException if the file is missing, damaged, or changes what is no matrix of a layer
     */
    static LoraWeights open(LoraAdapter adapter, Path path) throws IOException {
        if (!Files.exists(path) && Files.exists(path.resolveSibling(PICKLE))) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "is missing; %s beside it is a pickle, which is not read".formatted(PICKLE));
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        Map<String, LoraAdapter.Pair> pairs = LoraAdapter.pairs(file);
        for (String module : pairs.keySet()) {
            if (!MATRIX.matcher(module).matches()) {
                throw new FileSystemException(
                        path.toString(),
                        null,
                        "%s is not supported; LoRA may change c_attn, c_proj and c_fc of a layer"
                                .formatted(module));
            }
        }
        return new LoraWeights(adapter, file, pairs);
    }

    /** The names of the matrices that change. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        pairs.keySet().forEach(module -> names.add(module + ".weight"));
        return names;
    }

    /**
     * Refuses matrices that a network does not have.
     *
     * @param known the names of its parameters
     */
    void require(Set<String> known) throws IOException {
        for (String name : names()) {
            if (!known.contains(name)) {
                throw new FileSystemException(
                        file.path().toString(), null, "the base has no tensor " + name);
            }
        }
    }

    /**
     * Adds scale (B A)ᵀ to a matrix, if it is one that changes.
     *
     * @param matrix (in, out), changed in place
     */
    void addTo(String name, float[] matrix, int in, int out) throws IOException {
        LoraAdapter.Pair pair = pairs.get(name.substring(0, name.length() - ".weight".length()));
        if (pair == null) {
            return;
        }
        int rank = adapter.rank();
        requireShape(pair.a(), rank, in);
        requireShape(pair.b(), out, rank);
        float[] a = file.floats(pair.a());
        float[] b = file.floats(pair.b());
        double scale = adapter.scale();
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += (double) a[r * in + i] * b[o * rank + r];
                }
                matrix[i * out + o] += (float) (scale * sum);
            }
        }
    }

    private void requireShape(String name, long rows, long columns) throws IOException {
        List<Long> found = file.tensors().get(name).shape();
        if (!found.equals(List.of(rows, columns))) {
            throw new FileSystemException(
                    file.path().toString(),
                    null,
                    "tensor %s must have shape [%d, %d], found %s"
                            .formatted(name, rows, columns, found));
        }
    }
}
