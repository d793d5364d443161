package org.diagonal.plugin.identity;

/**
 * Where a factor (D, d) of one head lies in a weight that all heads share: element (i, k) at {@code
 * offset + i · row + k · column}.
 *
 * @param offset of element (0, 0)
 * @param row from one of the D rows to the next
 * @param column from one of the d columns to the next
 */
public record Slice(int offset, int row, int column) {

    /**
     * Copies the factor out of the weight.
     *
     * @param scale a factor on every element
     * @return (D, d), row by row
     */
    public double[] read(float[] weight, int size, int rank, double scale) {
        double[] factor = new double[size * rank];
        for (int i = 0; i < size; i++) {
            int at = offset + i * row;
            for (int k = 0; k < rank; k++) {
                factor[i * rank + k] = scale * weight[at + k * column];
            }
        }
        return factor;
    }

    /**
     * Writes the factor into the weight.
     *
     * @param factor (D, d), row by row
     */
    public void write(double[] factor, int size, int rank, float[] weight) {
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < rank; k++) {
                weight[offset + i * row + k * column] = (float) factor[i * rank + k];
            }
        }
    }
}
