package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpressionTest {

    private static final Map<Axis, String> VALUES =
            Map.of(Axis.LR, "0.003", Axis.SCALINGS_LR, "0.5", Axis.WIDTH, "128", Axis.HEADS, "16");

    @ParameterizedTest
    @CsvSource({
        "10 * lr, 0.03",
        "lr*10, 0.03",
        "width / heads, 8",
        "width - 2 * heads, 96",
        "(width - 2) * heads, 2016",
        "width / 4 / 2, 16",
        "scalings-lr - lr, 0.497",
        "1e-1 * lr, 0.0003",
    })
    void itIsDecimalArithmeticOfAxes(String words, BigDecimal value) {
        assertThat(Expression.parse(words).value(VALUES)).isEqualByComparingTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10 *", "* lr", "(lr", "lr)", "lr lr", "10 ^ lr", "lr / 0", "", "2 (lr"})
    void whatIsNoneIsRefusedInOneLine(String words) {
        assertThatThrownBy(() -> Expression.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not an expression such as 10 * lr")
                .hasMessageNotContaining("\n");
    }

    @Test
    void unknownNamesAreGuessed() {
        assertThatThrownBy(() -> Expression.parse("10 * lrr"))
                .hasMessageStartingWith("unknown axis \"lrr\"; did you mean lr?");
    }
}
