package org.diagonal.plugin.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingSettingsTest {

    private static final TrainingSettings DEFAULTS = TrainingSettings.DEFAULTS;

    private static final Map<Class<?>, Object> OTHERS =
            Map.of(int.class, 77, long.class, 77L, double.class, 77.5, boolean.class, false);

    static List<String> components() {
        return Arrays.stream(TrainingSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static RecordComponent component(String name) {
        return Arrays.stream(TrainingSettings.class.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Object value(TrainingSettings settings, String name)
            throws ReflectiveOperationException {
        return component(name).getAccessor().invoke(settings);
    }

    private static Object other(RecordComponent component) {
        Class<?> type = component.getType();
        Object[] constants = type.getEnumConstants();
        return type.isEnum() ? constants[constants.length - 1] : OTHERS.get(type);
    }

    @ParameterizedTest
    @MethodSource("components")
    void aWitherChangesItsOwnComponentAlone(String name) throws ReflectiveOperationException {
        RecordComponent component = component(name);
        Object other = other(component);
        String wither = "with" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        TrainingSettings changed =
                (TrainingSettings)
                        TrainingSettings.class
                                .getMethod(wither, component.getType())
                                .invoke(DEFAULTS, other);
        assertThat(value(DEFAULTS, name)).isNotEqualTo(other);
        for (String each : components()) {
            assertThat(value(changed, each))
                    .as(each)
                    .isEqualTo(each.equals(name) ? other : value(DEFAULTS, each));
        }
    }

    static Stream<Map.Entry<String, Supplier<TrainingSettings>>> wrong() {
        return Stream.of(
                Map.entry(
                        "batchSize must be at least 1: batchSize=0",
                        () -> DEFAULTS.withBatchSize(0)),
                Map.entry(
                        "saveEvery must be at least 0: saveEvery=-1",
                        () -> DEFAULTS.withSaveEvery(-1)),
                Map.entry(
                        "weightDecay must be a finite number of at least 0.0: weightDecay=NaN",
                        () -> DEFAULTS.withWeightDecay(Double.NaN)),
                Map.entry(
                        "scalingsLr must be a finite number of at least 0.0: scalingsLr=Infinity",
                        () -> DEFAULTS.withScalingsLr(Double.POSITIVE_INFINITY)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aSettingOutOfRangeIsRefusedByItsOwnName(
            Map.Entry<String, Supplier<TrainingSettings>> wrong) {
        assertThatThrownBy(() -> wrong.getValue().get())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(wrong.getKey());
    }

    @Test
    void anEpochEndsWithAStepThatMayBeShort() {
        TrainingSettings settings = DEFAULTS.withBatchSize(4).withAccumulate(3);
        assertThat(settings.stepsPerEpoch(24)).isEqualTo(2);
        assertThat(settings.stepsPerEpoch(25)).isEqualTo(3);
    }
}
