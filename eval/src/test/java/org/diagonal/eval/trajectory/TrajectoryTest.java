package org.diagonal.eval.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.trajectory.Trajectory.Moment;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrajectoryTest {

    private static final String ROWS =
            """
            step,layer,head,a,b
            0,0,0,0.0,
            0,0,1,0.0,
            5,0,0,0.1,
            5,0,1,-0.4,
            """;

    @TempDir Path run;

    private void write(String text) throws IOException {
        Files.writeString(run.resolve("scalings.csv"), text);
    }

    @Test
    void everyHeadHasItsMomentsAndACircuitWithoutValuesIsAbsent() throws IOException {
        write(ROWS + "7,0,0,0.2,\n7,0,1,0."); // is being written
        Trajectory read = Trajectory.read(run);
        assertThat(read.values()).containsOnlyKeys(Circuit.QK);
        assertThat(read.byStrength(Circuit.QK))
                .extracting(Map.Entry::getKey)
                .containsExactly(new Head(0, 1), new Head(0, 0));
        assertThat(read.values().get(Circuit.QK).get(new Head(0, 1)))
                .containsExactly(new Moment(0, 0), new Moment(5, -0.4));
    }

    @Test
    void aRunWithoutTheFileHasNoFigure() throws IOException {
        assertThat(TrajectoryFigures.of(run)).isEmpty();
        assertThat(TrajectoryFigures.largest(List.of(arm(run)))).isEmpty();
    }

    @Test
    void theFigureNamesTheLargestAndEndsWithTheLastStep() throws IOException {
        write(ROWS);
        Figure figure = TrajectoryFigures.of(run).get(0);
        XyChart chart = (XyChart) figure.chart();
        assertThat(chart.series())
                .extracting(XyChart.Series::name)
                .containsExactly("head 0.1", "head 0.0"); // the larger one first
        assertThat(chart.x().max()).isEqualTo(5);
        assertThat(figure.table().rows()).hasSize(2);
        XyChart largest =
                (XyChart) TrajectoryFigures.largest(List.of(arm(run), arm(run))).get(0).chart();
        assertThat(largest.series().get(1).points().get(1).y()).isEqualTo(0.4);
    }

    @Test
    void anotherFileIsRefusedInOneLine() throws IOException {
        for (String text :
                List.of(
                        "a,b\n1,2\n",
                        ROWS + "x,0,0,1,1\n",
                        ROWS + "6,0\n",
                        ROWS + "6,0,0,1,\n7,0,0,1,\n")) {
            write(text);
            assertThatThrownBy(() -> Trajectory.read(run))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not the scalings of a training");
        }
    }

    private static TrajectoryFigures.Arm arm(Path run) {
        return new TrajectoryFigures.Arm("qk", List.of(run));
    }
}
