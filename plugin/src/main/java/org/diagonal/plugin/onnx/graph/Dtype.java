package org.diagonal.plugin.onnx.graph;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the matrices of an exported file are stored, and the file name under which clients such as
 * transformers.js look for each form. Scalings, biases, LayerNorm and position embeddings are
 * float32 in all of them.
 */
public enum Dtype {
    /** Matrices as they are. */
    FP32("model.onnx"),
    /** Matrices rounded to half precision, widened to float32 when the file is loaded. */
    FP16("model_fp16.onnx"),
    /**
     * Matrices as int8 with one scale per output, multiplied by activations that are rounded to
     * uint8 with one scale per tensor (DynamicQuantizeLinear, MatMulInteger). Embedding and tied
     * head share one matrix.
     */
    Q8("model_quantized.onnx"),
    /**
     * Matrices as 4-bit integers with one scale per block of 32 inputs (ONNX Runtime's MatMulNBits,
     * symmetric, accuracy level 4). Embedding and tied head share one matrix.
     */
    Q4("model_q4.onnx");

    /** The folder of all files. */
    private static final String FOLDER = "onnx/";

    private final String fileName;

    Dtype(String fileName) {
        this.fileName = fileName;
    }

    /** The name of its file, such as {@code model_q4.onnx}. */
    public String fileName() {
        return fileName;
    }

    /** The place of its file in a folder, such as {@code onnx/model_q4.onnx}. */
    public String file() {
        return FOLDER + fileName;
    }

    /** The name that users and clients give it, such as {@code q4}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its matrices are integers, so that logits differ from float32's by design. */
    public boolean isQuantized() {
        return this == Q8 || this == Q4;
    }

    /** The forms that a folder holds, in the order of this enum. */
    public static List<Dtype> in(Path folder) {
        return Arrays.stream(values())
                .filter(dtype -> Files.isRegularFile(folder.resolve(dtype.file())))
                .toList();
    }
}
