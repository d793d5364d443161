package org.diagonal.eval.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkKindTest {

    @ParameterizedTest
    @CsvSource({"3e-3, 3e-2", "3e-4, 3e-3", "7e-5, 7e-4", "0, 0"})
    void theTransformersScalingsLearnTenTimesAsFastToTheLastDigit(double lr, double scalingsLr) {
        assertThat(NetworkKind.TEMPLATE_TRANSFORMER.scalingsLearningRate(lr)).isEqualTo(scalingsLr);
        assertThat(NetworkKind.ATTENTION.scalingsLearningRate(lr)).isEqualTo(scalingsLr);
        assertThat(NetworkKind.GPT2.scalingsLearningRate(lr)).isEqualTo(lr);
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkKind.class,
            names = {"GPT2", "ATTENTION", "TEMPLATE_TRANSFORMER"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatHasNoHeadsLearnsAtThePapersRate(NetworkKind kind) {
        assertThat(kind.hasHeads()).isFalse();
        assertThat(kind.learningRate()).isEqualTo(1e-3);
    }

    @Test
    void helpNamesEveryKind() {
        assertThat(NetworkKind.WORDS.split("\\|"))
                .containsExactly(
                        Arrays.stream(NetworkKind.values())
                                .filter(kind -> kind != NetworkKind.GPT2)
                                .map(NetworkKind::toString)
                                .toArray(String[]::new));
    }
}
