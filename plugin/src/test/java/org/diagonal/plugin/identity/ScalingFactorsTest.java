package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingFactorsTest {

    private static int[] bits(float... values) {
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .toArray();
    }

    @Property
    void aFactorOfOneKeepsEveryBit(@ForAll float[] scalings, @ForAll Circuit circuit) {
        assertThat(bits(ScalingFactors.TRAINED.times(circuit, 3, scalings)))
                .isEqualTo(bits(scalings));
        assertThat(bits(ScalingFactors.of(1, 1).times(circuit, 3, scalings)))
                .isEqualTo(bits(scalings));
    }

    @Property
    void aFactorOfZeroGivesPositiveZero(@ForAll float[] scalings, @ForAll Circuit circuit) {
        int[] zeros = new int[scalings.length];
        assertThat(bits(ScalingFactors.PLAIN.times(circuit, 0, scalings))).isEqualTo(zeros);
        assertThat(bits(ScalingFactors.of(0, 0).times(circuit, 0, scalings))).isEqualTo(zeros);
    }

    @Property
    void withoutAllHeadsIsAFactorOfZero(
            @ForAll @Size(max = 12) float[] scalings, @ForAll @IntRange(max = 3) int layer) {
        List<Head> all =
                IntStream.range(0, scalings.length).mapToObj(i -> new Head(layer, i)).toList();
        ScalingFactors without = ScalingFactors.TRAINED.without(all);
        for (Circuit circuit : Circuit.values()) {
            assertThat(bits(without.times(circuit, layer, scalings)))
                    .isEqualTo(bits(ScalingFactors.PLAIN.times(circuit, layer, scalings)));
        }
    }

    @Property
    void oneAloneAndAllOthersAddUp(
            @ForAll @Size(min = 1, max = 12) float[] scalings,
            @ForAll @IntRange(max = 11) int which,
            @ForAll @IntRange(max = 1) int layer,
            @ForAll Circuit circuit) {
        Head head = new Head(0, which % scalings.length);
        float[] alone = ScalingFactors.only(circuit, head).times(circuit, layer, scalings);
        float[] others = ScalingFactors.without(circuit, head).times(circuit, layer, scalings);
        for (int i = 0; i < scalings.length; i++) {
            assertThat(alone[i] + others[i]).isEqualTo(scalings[i] + 0f);
            assertThat(alone[i] == 0 || others[i] == 0 || Float.isNaN(scalings[i])).isTrue();
        }
    }

    @Test
    void oneAloneTakesTheOtherCircuitAwayAndWithoutItKeepsThat() {
        Head head = new Head(1, 0);
        assertThat(ScalingFactors.only(Circuit.QK, head).times(Circuit.OV, 1, 2f, 3f))
                .containsExactly(0f, 0f);
        assertThat(ScalingFactors.without(Circuit.QK, head).times(Circuit.OV, 1, 2f, 3f))
                .containsExactly(2f, 3f);
        assertThat(ScalingFactors.only(Circuit.QK, head).times(Circuit.QK, 1, 2f, 3f))
                .containsExactly(2f, 0f);
    }

    @Test
    void circuitsHaveFactorsOfTheirOwnAndTheArgumentStays() {
        float[] scalings = {0.5f, -2f};
        ScalingFactors factors = ScalingFactors.of(0.5, -1.5).without(Set.of(new Head(0, 1)));
        assertThat(factors.times(Circuit.QK, 0, scalings)).containsExactly(0.25f, 0f);
        assertThat(factors.times(Circuit.OV, 1, scalings)).containsExactly(-0.75f, 3f);
        assertThat(scalings).containsExactly(0.5f, -2f);
    }

    @Test
    void aProductBeyondFloatIsRefusedWithItsHead() {
        assertThatThrownBy(() -> ScalingFactors.of(1e39, 1).times(Circuit.QK, 2, 0f, 1f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a of head 2.1 is beyond float32 when multiplied: 1.0 times 1.0E39");
    }

    @Test
    void tensorsOfEveryArchitectureAreFoundByCircuitAndLayer() {
        ScalingTensors tensors =
                ScalingTensors.of(
                        Arrays.asList(
                                "transformer.h.11.attn.wkwq_id_scalings",
                                "transformer.h.2.attn.wkwq_id_scalings",
                                "transformer.layers.3.0.fn.wvwo_identity_scalings",
                                "transformer.h.2.attn.c_attn.weight",
                                "transformer.wte.weight"));
        assertThat(tensors.of(Circuit.QK))
                .containsExactly(
                        java.util.Map.entry(2, "transformer.h.2.attn.wkwq_id_scalings"),
                        java.util.Map.entry(11, "transformer.h.11.attn.wkwq_id_scalings"));
        assertThat(tensors.of(Circuit.OV))
                .containsExactly(
                        java.util.Map.entry(3, "transformer.layers.3.0.fn.wvwo_identity_scalings"));
        assertThat(ScalingTensors.of(List.of("transformer.wte.weight")).isEmpty()).isTrue();
    }

    @Test
    void headsAreNamedByLayerAndNumberAndSortedByThem() {
        assertThat(Head.named("10.3")).isEqualTo(new Head(10, 3)).hasToString("10.3");
        assertThat(new Head(2, 11)).isLessThan(new Head(10, 0)).isGreaterThan(new Head(2, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "-1.0", "1.-2", "a.b", "1.2.3", "NaN", " 1.2", "12345.1"})
    void anotherNameIsNoHead(String name) {
        assertThatThrownBy(() -> Head.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is not a head: layer and head from 0 on, such as 5.1", name);
    }
}
