package org.diagonal.plugin.kernels;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Counts denormal numbers as zero, in this thread and those that it starts, until it is closed.
 *
 * <p>A processor computes with numbers below 1e-38 many times slower, and the gradients of a small
 * network that has learned all of its samples are made of them. Without effect but on Linux on
 * x86-64, where the C library can set it.
 */
public final class Denormals implements AutoCloseable {

    /** More than glibc's {@code fenv_t} takes. */
    private static final int ENVIRONMENT_BYTES = 64;

    /** Where MXCSR lies in it. */
    private static final int MXCSR = 28;

    /** Flush to zero what results, take for zero what enters. */
    private static final int FLUSH = 0x8000 | 0x0040;

    private static final boolean SUPPORTED =
            Platform.isLinux() && Platform.isIntel() && Platform.is64Bit();

    private final int before;

    private Denormals(int before) {
        this.before = before;
    }

    /** Counts denormal numbers as zero from now on. */
    public static Denormals flushed() {
        return new Denormals(SUPPORTED ? set(FLUSH, FLUSH) : 0);
    }

    /** Sets the bits of a mask to those of a value; the result is the register before. */
    private static int set(int mask, int value) {
        NativeLibrary library;
        try {
            library = NativeLibrary.getInstance("m");
        } catch (LinkageError e) {
            return 0; // no place for JNA's library: slower, and the same otherwise
        }
        try (Memory environment = new Memory(ENVIRONMENT_BYTES)) {
            library.getFunction("fegetenv").invokeInt(new Object[] {environment});
            int register = environment.getInt(MXCSR);
            environment.setInt(MXCSR, (register & ~mask) | (value & mask));
            library.getFunction("fesetenv").invokeInt(new Object[] {environment});
            return register;
        }
    }

    /** Brings back what was before. */
    @Override
    public void close() {
        if (SUPPORTED) {
            set(FLUSH, before);
        }
    }
}
