package org.diagonal.eval.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.small.Tensor;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialNetworkTest {

    /** Layers times circuits. */
    @ParameterizedTest
    @CsvSource({
        "TEMPLATE_TRANSFORMER, none, 0, 0",
        "TEMPLATE_TRANSFORMER, qk, 2, 0",
        "TEMPLATE_TRANSFORMER, ov, 0, 2",
        "TEMPLATE_TRANSFORMER, both, 2, 2",
        "ATTENTION, none, 0, 0",
        "ATTENTION, qk, 1, 0",
        "ATTENTION, ov, 0, 1",
        "ATTENTION, both, 1, 1",
    })
    void anArmHasTheScalingsThatItIsNamedAfter(NetworkKind kind, Arm arm, int qk, int ov)
            throws Exception {
        Task task = Catalogue.task("copy");
        Trial trial =
                new Trial(
                        new Trial.Task("copy", "0", Labels.SYMBOLIC, Optional.empty()),
                        FakeTrials.network(kind),
                        arm,
                        4,
                        1,
                        new Trial.Training(1, 4, 1e-3, 1e-2, Precision.F32),
                        new Trial.Samples(4, 4, 4, 4, 4),
                        Optional.empty());
        Alphabets alphabets = Alphabets.fromScratch(task, new AlphabetSizes(4, 4, 4));
        List<String> scalings =
                TrialNetwork.architecture(trial, task, alphabets).tensors().stream()
                        .filter(Tensor::scaling)
                        .map(Tensor::name)
                        .toList();
        assertThat(scalings).filteredOn(name -> name.contains("wkwq")).hasSize(qk);
        assertThat(scalings).filteredOn(name -> name.contains("wvwo")).hasSize(ov);
    }
}
