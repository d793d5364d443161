package org.diagonal.eval.cli.option;

/** The circuits of a head that get a trainable multiple of the identity. */
public enum Scalings {
    NONE,
    QK,
    OV,
    BOTH
}
