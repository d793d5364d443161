package org.diagonal.eval.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.Test;

final class DjlScorerTest {

    private static final int[][] IDS = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    private static final int[][] TARGETS = {{-100, 3, 4, 5}, {6, -100, 8, -100}};

    @Test
    void threeHundredCallsLeaveNoArrayBehind() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network =
                    new Gpt2(
                            Gpt2Config.fresh(20, 8, 16, 2, 2)
                                    .withScalings(new IdentityScalings(1, 1, true)));
            network.initialize(manager);
            manager.cap(); // a further array in it throws from now on
            int arrays = manager.getManagedArrays().size();
            DjlScorer scorer = new DjlScorer(network, manager);
            double[][] first = scorer.nats(IDS, TARGETS);
            for (int i = 0; i < 300; i++) {
                assertThat(scorer.nats(IDS, TARGETS)).isDeepEqualTo(first);
            }
            assertThat(manager.getManagedArrays()).hasSize(arrays);
        }
    }

    @Test
    void targetsThatAreNotScoredHaveNoNats() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = new Gpt2(Gpt2Config.fresh(20, 8, 16, 2, 2));
            network.initialize(manager);
            double[][] nats = new DjlScorer(network, manager).nats(IDS, TARGETS);
            for (int b = 0; b < 2; b++) {
                for (int t = 0; t < 4; t++) {
                    assertThat(nats[b][t] > 0).isEqualTo(TARGETS[b][t] >= 0);
                }
            }
        }
    }
}
