package org.diagonal.eval.cli.console;

/** A result could not be written to stdout; the program knows why. */
public final class UnprintedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
