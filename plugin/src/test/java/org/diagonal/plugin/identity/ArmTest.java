package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"0, 0, none", "-0.5, 0, qk", "0, 2, ov", "1, 1, both"})
    void theArmOfScalingsHasTheCircuitsWhoseMultiplierIsNotZero(double qk, double ov, String name) {
        Arm arm = Arm.named(name);
        assertThat(new IdentityScalings(qk, ov, true).arm()).isEqualTo(arm);
        assertThat(arm.has(Circuit.QK)).isEqualTo(qk != 0);
        assertThat(arm.has(Circuit.OV)).isEqualTo(ov != 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "qk", "ov", "both", "permuted"})
    void theScalingsOfAnArmHaveItsCircuitsWithMultipliersOfOne(String name) {
        Arm arm = Arm.named(name);
        IdentityScalings scalings = IdentityScalings.of(arm, true);
        assertThat(scalings.arm()).isEqualTo(arm);
        assertThat(arm.circuits()).allMatch(circuit -> scalings.multiplier(circuit) == 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "qk",
                "ov",
                "both",
                "temperature",
                "fixed-0.25",
                "fixed--2",
                "permuted",
                "head",
                "lora-1",
                "lora-16"
            })
    void anArmComesBackFromItsNameAndFromJson(String name) throws IOException {
        Arm arm = Arm.named(name);
        assertThat(arm).hasToString(name);
        assertThat(name).matches(Arm.NAME);
        String json = JSON.writeValueAsString(arm);
        assertThat(json).isEqualTo("\"" + arm + "\"");
        assertThat(JSON.readValue(json, Arm.class)).isEqualTo(arm);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "QK", "all", "qk ", "lora", "lora-0", "lora-x", "fixed-0", "fixed-NaN"})
    void anotherNameIsRefusedWithAllOfThem(String name) {
        assertThatThrownBy(() -> Arm.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is not one of: %s", name, Arm.NAMES);
        assertThat(name.equals("fixed-0") || !name.matches(Arm.NAME)).isTrue();
    }

    @Test
    void theArmWithMostScalingsCostsMostAndTheHeadAloneLeast() {
        assertThat(Arm.costliest(List.of(Arm.NONE, Arm.BOTH, Arm.QK, Arm.HEAD)))
                .isEqualTo(Arm.BOTH);
        assertThat(Arm.costliest(List.of(Arm.HEAD, Arm.NONE))).isEqualTo(Arm.NONE);
        assertThat(Arm.costliest(List.of(Arm.NONE, Arm.lora(1)))).isEqualTo(Arm.lora(1));
    }

    @Test
    void theSameControlIsTheSameArmHoweverItIsWritten() {
        assertThat(Arm.named("fixed")).isEqualTo(Arm.fixed(0.1)).isEqualTo(Arm.named("fixed-0.10"));
        assertThat(Arm.lora(2)).isEqualTo(Arm.named("lora-2")).isNotEqualTo(Arm.lora(1));
        assertThat(Arm.QK).isNotEqualTo(Arm.PERMUTED);
    }
}
