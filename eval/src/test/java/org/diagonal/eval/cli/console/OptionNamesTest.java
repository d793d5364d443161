package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Model.CommandSpec;

class OptionNamesTest {

    @ParameterizedTest
    @EnumSource
    void everySettingIsAnOptionOfSomeCommand(Setting setting) {
        Set<String> options =
                HelpTextTest.commands()
                        .flatMap(command -> command.options().stream())
                        .flatMap(option -> Stream.of(option.names()))
                        .collect(Collectors.toSet());
        assertThat(options).contains(OptionNames.of(setting));
    }

    @Test
    void aFailureNamesItsOptionsBehindItsMessage() {
        SettingException taken =
                new SettingException("o is not empty; choose another folder", Setting.OUT);
        assertThat(Failure.line(taken, command("fine-tune")))
                .isEqualTo("o is not empty; choose another folder (--out)");
        TrainingDivergedException diverged =
                new TrainingDivergedException("the loss was not finite", "nothing is kept");
        assertThat(Failure.line(diverged, command("fine-tune")))
                .endsWith("may help (--lr, --clip)");
    }

    @Test
    void optionsThatTheCommandLacksAreNotNamed() {
        SettingException exported =
                new SettingException("needs ONNX Runtime", Setting.RUNTIME, Setting.MODEL);
        assertThat(Failure.line(exported, command("export")))
                .isEqualTo("needs ONNX Runtime (--model)");
        assertThat(Failure.line(exported, command("models"))).isEqualTo("needs ONNX Runtime");
    }

    private static CommandSpec command(String name) {
        return HelpTextTest.commands()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMessageAboutNoSettingStaysAsItIs() {
        assertThat(OptionNames.line(Notice.of("done"), command("export"))).isEqualTo("done");
    }
}
