package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.eval.measure.statistics.Crossing;
import org.diagonal.eval.measure.statistics.Crossing.Bound;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.sweep.SamplesNeeded.Mean;
import org.junit.jupiter.api.Test;

final class SamplesNeededTest {

    private static final Path SWEEPS =
            Path.of(System.getProperty("diagonal.root"), "reports", "sweeps");

    private static Crossing exactly(double x) {
        return new Crossing(x, Bound.EXACT);
    }

    private static Crossing atLeast(double x) {
        return new Crossing(x, Bound.AT_LEAST);
    }

    private static Crossing atMost(double x) {
        return new Crossing(x, Bound.AT_MOST);
    }

    private static SamplesNeeded of(List<Crossing> none, List<Crossing> qk) {
        Map<String, List<Crossing>> lines = new LinkedHashMap<>();
        lines.put("none", none);
        lines.put("qk", qk);
        return new SamplesNeeded(lines);
    }

    @Test
    void aMeanIsGeometricAndItsIntervalStudents() {
        SamplesNeeded needed =
                of(List.of(exactly(100), exactly(400)), List.of(exactly(10), exactly(20)));
        Mean none = needed.needed("none").orElseThrow();
        assertThat(none.value()).isCloseTo(200, within(1e-9));
        // log 2 either side of the mean: standard error log 2, and t = 12.706 with one degree
        double half = 12.7062047362 * Math.log(2);
        Interval interval = none.ci95().orElseThrow();
        assertThat(Math.log(interval.high() / 200)).isCloseTo(half, within(1e-6));
        assertThat(Math.log(200 / interval.low())).isCloseTo(half, within(1e-6));
    }

    @Test
    void ratiosArePairedBySeed() {
        // 100/10 and 200/20: the same in both seeds, though each arm's own needs differ
        SamplesNeeded needed =
                of(List.of(exactly(100), exactly(200)), List.of(exactly(10), exactly(20)));
        Mean ratio = needed.ratio("qk").orElseThrow();
        assertThat(ratio.value()).isCloseTo(10, within(1e-9));
        assertThat(ratio.ci95().orElseThrow().low()).isCloseTo(10, within(1e-9));
    }

    @Test
    void whatNeverCrossesGivesABoundWithoutAnInterval() {
        SamplesNeeded needed =
                of(List.of(atLeast(1024), exactly(512)), List.of(exactly(16), exactly(16)));
        assertThat(needed.needed("none").orElseThrow().bound()).isEqualTo(Bound.AT_LEAST);
        assertThat(needed.needed("none").orElseThrow().ci95()).isEmpty();
        assertThat(needed.ratio("qk").orElseThrow().bound()).isEqualTo(Bound.AT_LEAST);
        assertThat(needed.ratio("qk").orElseThrow().ci95()).isEmpty();
        assertThat(needed.table("test loss").rows().get(0).get(5).words()).isEqualTo("1 of 2");
    }

    @Test
    void theSentenceNamesWhatEachLineNeeds() {
        assertThat(of(List.of(exactly(841)), List.of(atMost(4))).sentence("test loss"))
                .hasValue("Samples for a test loss of 0.1: 841 (none), at most 4 (qk).");
        assertThat(of(List.of(atLeast(512)), List.of(exactly(25))).sentence("test loss"))
                .hasValue("Samples for a test loss of 0.1: at least 512 (none), 25 (qk).");
        assertThat(
                        of(List.of(atMost(8), atLeast(64)), List.of(exactly(9), exactly(9)))
                                .sentence("test error"))
                .hasValue("Samples for a test error of 0.1: unclear (none), 9 (qk).");
        assertThat(of(List.of(atLeast(64)), List.of(atLeast(64))).sentence("test loss")).isEmpty();
    }

    @Test
    void boundsOfAQuotientTurnWithItsDenominator() {
        assertThat(of(List.of(exactly(512)), List.of(atMost(8))).ratio("qk").orElseThrow().bound())
                .isEqualTo(Bound.AT_LEAST);
        assertThat(of(List.of(atLeast(512)), List.of(atMost(8))).ratio("qk").orElseThrow().bound())
                .isEqualTo(Bound.AT_LEAST);
        assertThat(of(List.of(atMost(8)), List.of(atMost(8))).ratio("qk")).isEmpty();
        assertThat(of(List.of(atLeast(512)), List.of(atLeast(512))).ratio("qk")).isEmpty();
        assertThat(of(List.of(atMost(8)), List.of(exactly(8))).ratio("qk").orElseThrow().bound())
                .isEqualTo(Bound.AT_MOST);
    }

    @Test
    void boundsOfBothKindsSayNothing() {
        assertThat(Mean.of(List.of(atLeast(1024), atMost(8)))).isEmpty();
    }

    @Test
    void aCommittedSweepOverSamplesHasThem() throws IOException {
        SamplesNeeded needed =
                SamplesNeeded.of(Sweep.FORM.read(SWEEPS.resolve("figure-24"))).orElseThrow();
        assertThat(needed.table("test loss").rows())
                .extracting(row -> row.get(1).words())
                .containsExactly("≥ 512", "≤ 8");
        assertThat(SamplesNeeded.of(Sweep.FORM.read(SWEEPS.resolve("lr-heads")))).isEmpty();
    }
}
