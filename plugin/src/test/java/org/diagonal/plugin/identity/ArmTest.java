package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"0, 0, NONE", "-0.5, 0, QK", "0, 2, OV", "1, 1, BOTH"})
    void theArmOfScalingsHasTheCircuitsWhoseMultiplierIsNotZero(double qk, double ov, Arm arm) {
        assertThat(new IdentityScalings(qk, ov, true).arm()).isEqualTo(arm);
        assertThat(arm.has(Circuit.QK)).isEqualTo(qk != 0);
        assertThat(arm.has(Circuit.OV)).isEqualTo(ov != 0);
    }

    @ParameterizedTest
    @EnumSource
    void theScalingsOfAnArmHaveItsCircuitsWithMultipliersOfOne(Arm arm) {
        IdentityScalings scalings = IdentityScalings.of(arm, true);
        assertThat(scalings.arm()).isEqualTo(arm);
        assertThat(arm.circuits()).allMatch(circuit -> scalings.multiplier(circuit) == 1);
    }

    @ParameterizedTest
    @EnumSource
    void anArmComesBackFromItsNameAndFromJson(Arm arm) throws IOException {
        assertThat(Arm.named(arm.toString())).isEqualTo(arm);
        String json = JSON.writeValueAsString(arm);
        assertThat(json).isEqualTo("\"" + arm + "\"");
        assertThat(JSON.readValue(json, Arm.class)).isEqualTo(arm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "QK", "all", "qk "})
    void anotherNameIsRefusedWithAllOfThem(String name) {
        assertThatThrownBy(() -> Arm.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is not one of: none, qk, ov, both", name);
    }
}
