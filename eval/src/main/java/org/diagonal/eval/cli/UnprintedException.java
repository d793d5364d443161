package org.diagonal.eval.cli;

/** A result could not be written to stdout; the program knows why. */
final class UnprintedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
