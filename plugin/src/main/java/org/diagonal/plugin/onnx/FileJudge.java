package org.diagonal.plugin.onnx;

import java.io.IOException;
import java.nio.file.Path;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.onnx.graph.Dtype;

/** Measures a written file before its folder gets its name. */
@FunctionalInterface
public interface FileJudge {

    /**
     * Measures a form of a network.
     *
     * @param network float32, in DJL
     * @param folder the exported folder, still under another name
     * @param dtype the form
     * @throws IllegalStateException if the file is not good enough: nothing is kept
     */
    PerplexityChange judge(Gpt2 network, Path folder, Dtype dtype) throws IOException;
}
