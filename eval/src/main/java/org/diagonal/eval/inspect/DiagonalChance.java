package org.diagonal.eval.inspect;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.diagonal.plugin.identity.CentredGain;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.Spectrum;

/**
 * What diagonals chance makes of one head: the law of the diagonal's mean less the mean of the
 * other entries when the head keeps its singular values and both sides of each take random
 * directions, M = U S Vᵀ with U and V independent and uniform. Factors of independent Gaussian
 * entries, however scaled, are a case of that.
 *
 * <p>With t = tr(Kᵀ M) ({@link CentredGain}) and x = t D/(‖K‖ ‖M‖), the mean of x is 0, its
 * variance exactly 1, and its fourth moment the sum over the two zonal polynomials of degree 2
 * (James 1964): D² ((1 + 2 p)(1 + 2 q)/(D + 2)² + 2 (1 − p)(1 − q)/(D − 1)²), where p and q are the
 * concentrations of K and M. The tail is that of Pearson's symmetric law with these moments: a
 * coordinate on a sphere, the normal law, or Student's. In simulations (5 million Gaussian heads of
 * D = 16, d = 4, fewer up to D = 64, d = 16, with and without gains) p ≤ 0.0001 comes up 0.9 to 1.1
 * times as often as it should; with the normal law it comes up 0.3 times as often at D = 16, d = 4,
 * and with z taken as normal although uneven gains are folded in up to 100 times.
 *
 * @param size D, at least 2
 * @param deviation standard deviation by chance of the difference of the two means
 * @param excess excess kurtosis, above −2
 * @param reach the largest x² that any directions can give, or a bound on it
 */
public record DiagonalChance(int size, double deviation, double excess, double reach) {

    /** What a smaller p counts as, so that none is 0. */
    public static final double SMALLEST_P = 1e-300;

    /** Excess kurtosis that makes no difference where p is above {@link #SMALLEST_P}. */
    private static final double NONE = 1e-7;

    /**
     * The weight of the law with the largest reach. Near its own end the closer law says 0, though
     * directions can still give more.
     */
    private static final double FAR = 1e-3;

    private static final int HALVINGS = 30;

    /** Refuses what no law has. */
    public DiagonalChance {
        if (size < 2 || !(deviation >= 0) || !(excess > -2) || !(reach >= 0)) {
            throw new IllegalArgumentException(
                    "size must be at least 2, excess above -2, others at least 0: size=%d, deviation=%s, excess=%s, reach=%s"
                            .formatted(size, deviation, excess, reach));
        }
    }

    /**
     * The law for a head.
     *
     * @param spectrum of its matrix, gains not folded in
     * @param rank d of that matrix
     * @param gain that is folded in, or none
     */
    public static DiagonalChance of(Spectrum spectrum, int rank, CentredGain gain) {
        double size = gain.size();
        double p = gain.concentration();
        double q = spectrum.concentration();
        double same = size * size / ((size + 2) * (size + 2));
        double other = size * size / ((size - 1) * (size - 1));
        double fourth = same * (1 + 2 * p) * (1 + 2 * q) + 2 * other * (1 - p) * (1 - q);
        double squares = gain.squares();
        return new DiagonalChance(
                gain.size(),
                Math.sqrt(squares * spectrum.squares()) / (size * (size - 1)),
                fourth - 3,
                squares > 0 ? size * size * gain.reach(rank) / squares : 0);
    }

    /**
     * The two-sided p-value of a head's diagonal: how often chance makes one at least as far from
     * the other entries, on either side.
     *
     * @return {@link #SMALLEST_P} to 1; 1 where the difference is 0
     */
    public double p(DiagonalStatistics statistics) {
        double difference = Math.abs(statistics.diagMean() - statistics.offMean());
        return difference == 0 ? 1 : p(difference / deviation);
    }

    /**
     * The two-sided p-value of a difference.
     *
     * @param deviations how many standard deviations it is, at least 0; may be infinite
     */
    public double p(double deviations) {
        double square = deviations * deviations;
        double p = tail(excess, square);
        if (excess < -NONE) {
            p = Math.max(p, FAR * tail(-6 / (reach + 2), square));
        }
        return Math.max(SMALLEST_P, Math.min(1, p));
    }

    private static double tail(double excess, double square) {
        if (Double.isInfinite(square)) {
            return 0;
        }
        if (excess < -NONE) {
            double dimensions = -6 / excess - 2;
            return square < dimensions
                    ? RegularizedBeta.complement(square / dimensions, 0.5, (dimensions - 1) / 2)
                    : 0;
        }
        if (excess > NONE) {
            double freedom = 4 + 6 / excess;
            double t = square * freedom / (freedom - 2);
            return RegularizedBeta.complement(t / (freedom + t), 0.5, freedom / 2);
        }
        return Erfc.value(Math.sqrt(square / 2));
    }

    /**
     * How many standard deviations have a p-value.
     *
     * @param p above {@link #SMALLEST_P}, below 1
     */
    public double deviations(double p) {
        double low = 0;
        double high = 1;
        while (p(high) > p) {
            low = high;
            high *= 2;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (p(middle) > p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * The |z| from which on a head's p is at most a level, its spread off the diagonal as it is;
     * not finite where that is 0.
     */
    public double z(double level, DiagonalStatistics statistics) {
        return deviations(level) * deviation / (statistics.offStd() / Math.sqrt(size));
    }
}
