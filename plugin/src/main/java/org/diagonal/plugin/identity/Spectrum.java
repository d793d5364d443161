package org.diagonal.plugin.identity;

/**
 * What the singular values s of a matrix say about chance: how large the matrix is, and over how
 * many directions its size is spread.
 *
 * @param squares Σ s² = ‖M‖²_F, at least 0
 * @param concentration Σ s⁴ / (Σ s²)²: 1/d for d equal singular values, 1 for a single one and for
 *     the zero matrix
 */
public record Spectrum(double squares, double concentration) {

    /** Refuses what no matrix has. */
    public Spectrum {
        if (!(squares >= 0) || !(concentration > 0 && concentration <= 1)) {
            throw new IllegalArgumentException(
                    "squares must be at least 0 and concentration in (0, 1]: squares=%s, concentration=%s"
                            .formatted(squares, concentration));
        }
    }
}
