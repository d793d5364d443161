package org.diagonal.eval.kernel.math;

/**
 * The activation of the layer behind the attention, as a map of kernels: with z and z' jointly
 * Gaussian of covariance [[dx, c], [c, dy]], the mean of φ(z) φ(z').
 */
public enum Phi {
    /** φ(t) = cos(b₁ t + b₂), the paper's. */
    COS {
        @Override
        double of(double dx, double dy, double c, double b1, double b2) {
            double square = b1 * b1 / 2;
            double minus = Math.exp(-square * (dx + dy - 2 * c));
            double plus = Math.exp(-square * (dx + dy + 2 * c));
            return 0.5 * minus + 0.5 * Math.cos(2 * b2) * plus;
        }
    },
    /** φ(t) = t. */
    LINEAR {
        @Override
        double of(double dx, double dy, double c, double b1, double b2) {
            return c;
        }
    },
    /** φ(t) = max(t, 0): the arc-cosine kernel of order one. */
    RELU {
        @Override
        double of(double dx, double dy, double c, double b1, double b2) {
            double scale = Math.sqrt(dx * dy);
            if (scale == 0) {
                return 0;
            }
            double cosine = Math.max(-1, Math.min(1, c / scale));
            double angle = Math.acos(cosine);
            return scale * (Math.sin(angle) + (Math.PI - angle) * cosine) / (2 * Math.PI);
        }
    },
    /** φ(t) = erf(t). */
    ERF {
        @Override
        double of(double dx, double dy, double c, double b1, double b2) {
            double sine = 2 * c / Math.sqrt((1 + 2 * dx) * (1 + 2 * dy));
            return 2 / Math.PI * Math.asin(Math.max(-1, Math.min(1, sine)));
        }
    };

    /** The kernel's value; only {@link #COS} reads b₁ and b₂. */
    abstract double of(double dx, double dy, double c, double b1, double b2);
}
