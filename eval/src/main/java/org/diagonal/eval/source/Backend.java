package org.diagonal.eval.source;

/** What computes a measured model. */
public enum Backend {
    /** A model folder, by DJL. */
    DJL,
    /** An exported folder, by ONNX Runtime. */
    ONNX
}
