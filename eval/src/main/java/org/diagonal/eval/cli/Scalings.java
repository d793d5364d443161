package org.diagonal.eval.cli;

/** The circuits of a head that get a trainable multiple of the identity. */
enum Scalings {
    NONE,
    QK,
    OV,
    BOTH
}
