package org.diagonal.eval.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;

final class TrialTest {

    private static final CurvePlan PLAN = FakeTrials.plan(Arm.OF_PAPER, List.of(64, 16), 3);

    @Test
    void theHashIsThatOfTheCanonicalConfiguration() {
        Trial trial = PLAN.trial(Arm.QK, 64, 0);
        assertThat(trial.json().toString())
                .isEqualTo(
                        """
                        {"version":2,"task":{"name":"aba-abb","sha256":"abcd","labels":"real"},\
                        "network":{"kind":"template-transformer","depth":2,"head_width":64,\
                        "heads":16,"mlp_width":256,"width":128},"arm":"qk","n":64,"seed":7,\
                        "training":{"epochs":1000,"batch_size":1024,"lr":0.001,"scalings_lr":0.01},\
                        "samples":{"train_alphabet":64,"valid":100,"valid_alphabet":100,"test":4,\
                        "test_alphabet":100}}""");
        // printf '%s' '{"version":2,…}' | sha256sum | cut -c1-16
        assertThat(trial.hash()).isEqualTo("9cfb6a25aa177b44");
    }

    @Test
    void everyTrialOfACurveHasAHashOfItsOwn() {
        List<Trial> all = PLAN.all();
        Set<String> hashes = new HashSet<>();
        all.forEach(trial -> hashes.add(trial.hash()));
        assertThat(all).hasSize(4 * 2 * 3);
        assertThat(hashes).hasSameSizeAs(all);
    }

    @Test
    void earlyTrialsSaySomethingOfEveryArm() {
        assertThat(PLAN.all().subList(0, 4))
                .extracting(Trial::arm)
                .containsExactlyElementsOf(Arm.OF_PAPER);
        assertThat(PLAN.all()).extracting(Trial::n).isSorted();
    }

    @Test
    void theRateOfScalingsDoesNotTellTrialsWithoutScalingsApart() {
        Curve.Settings settings = PLAN.settings();
        Curve.Settings faster =
                new Curve.Settings(
                        settings.task(),
                        settings.network(),
                        settings.seed(),
                        settings.training().withScalingsLr(5e-2),
                        settings.samples(),
                        settings.testTask());
        CurvePlan other = new CurvePlan(faster, PLAN.arms(), PLAN.n(), PLAN.trials());
        assertThat(other.trial(Arm.NONE, 16, 0)).isEqualTo(PLAN.trial(Arm.NONE, 16, 0));
        assertThat(other.trial(Arm.BOTH, 16, 0).hash())
                .isNotEqualTo(PLAN.trial(Arm.BOTH, 16, 0).hash());
    }

    @Property(tries = 50)
    void shardsShareAllTrialsOut(@ForAll @IntRange(min = 1, max = 30) int count) {
        List<Trial> all = PLAN.all();
        Set<Trial> together = new HashSet<>();
        int sum = 0;
        for (int i = 1; i <= count; i++) {
            List<Trial> mine = new Shard(i, count).of(all);
            assertThat(mine.size()).isBetween(all.size() / count, all.size() / count + 1);
            together.addAll(mine);
            sum += mine.size();
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(all);
        assertThat(sum).isEqualTo(all.size());
    }

    @Test
    void whatIsNoShardIsRefused() {
        for (String words : List.of("0/4", "5/4", "1/0", "a/4", "1", "1/4/2", "-1/4")) {
            assertThatThrownBy(() -> Shard.parse(words))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a shard is i/N with i from 1 to N, found " + words);
        }
        assertThat(Shard.parse("3/4")).isEqualTo(new Shard(3, 4)).hasToString("3/4");
    }

    @Test
    void aNetworkHasTheSizesOfItsKindAndNoOthers() {
        TreeMap<String, Integer> sizes = new TreeMap<>(NetworkKind.MLP.sizes());
        sizes.put("heads", 4);
        assertThatThrownBy(
                        () ->
                                new Trial.Network(
                                        NetworkKind.MLP, sizes, Optional.empty(), Optional.empty()))
                .hasMessage("the sizes of mlp are [depth, width], found [depth, heads, width]");
        assertThatThrownBy(
                        () ->
                                new Trial.Network(
                                        NetworkKind.GPT2,
                                        new TreeMap<>(),
                                        Optional.empty(),
                                        Optional.empty()))
                .hasMessage("weights belong to gpt2 alone: network=gpt2");
    }

    @Test
    void scalingsNeedHeads() {
        Curve.Settings settings = PLAN.settings();
        Curve.Settings mlp =
                new Curve.Settings(
                        settings.task(),
                        FakeTrials.network(NetworkKind.MLP),
                        settings.seed(),
                        settings.training(),
                        settings.samples(),
                        settings.testTask());
        assertThatThrownBy(() -> new CurvePlan(mlp, List.of(Arm.NONE, Arm.QK), List.of(8), 1))
                .hasMessage("mlp has no heads for identity scalings: arm=qk");
        assertThatThrownBy(() -> FakeTrials.plan(List.of(Arm.NONE), List.of(0), 1))
                .hasMessage("n must be 1 or more: 0");
    }
}
