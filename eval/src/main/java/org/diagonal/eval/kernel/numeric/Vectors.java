package org.diagonal.eval.kernel.numeric;

/** Sums over the numbers of vectors, one after the other. */
public final class Vectors {

    private Vectors() {}

    /** xᵀ y. */
    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** Puts softmax(x) in the place of x. */
    public static void softmax(double[] x) {
        double most = Double.NEGATIVE_INFINITY;
        for (double logit : x) {
            most = Math.max(most, logit);
        }
        double z = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.exp(x[i] - most);
            z += x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= z;
        }
    }
}
