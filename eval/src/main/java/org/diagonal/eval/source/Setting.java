package org.diagonal.eval.source;

/**
 * A setting that a message is about. Packages below the command line name settings in words; the
 * command line knows by which option a user gives each.
 */
public enum Setting {
    ADAPTER,
    BLOCK_SIZE,
    CLIP,
    DATA,
    DTYPE,
    EVAL_EVERY,
    IDS,
    KEEP,
    LR,
    MASK_DIAGONAL,
    MODEL,
    OUT,
    OV_MULTIPLIER,
    PATIENCE,
    QK_MULTIPLIER,
    RESUME,
    RUNTIME,
    SCALE_OV,
    SCALE_QK,
    SCALINGS,
    SCALINGS_LR,
    TEXT_COLUMN,
    TRAIN,
    VALID_DATA,
    WITHOUT_HEADS
}
