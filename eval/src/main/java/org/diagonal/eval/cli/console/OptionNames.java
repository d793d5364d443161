package org.diagonal.eval.cli.console;

import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.wikitext.rows.ColumnException;
import picocli.CommandLine.Model.CommandSpec;

/** Adds to messages about settings the options by which a user gives them. */
public final class OptionNames {

    private OptionNames() {}

    /** The option of a setting, such as {@code --valid-data}. */
    static String of(Setting setting) {
        return "--" + Choice.word(setting);
    }

    /** The message, with those options behind it that a command has. */
    public static String line(Notice notice, CommandSpec command) {
        String text = Failure.firstLine(notice.text());
        String options =
                notice.settings().stream()
                        .map(OptionNames::of)
                        .filter(name -> command.findOption(name) != null)
                        .collect(Collectors.joining(", "));
        return options.isEmpty() ? text : "%s (%s)".formatted(text, options);
    }

    /** What a failure says of settings; empty where it speaks of none. */
    static Optional<Notice> notice(Throwable failure) {
        if (failure instanceof SettingException wrong) {
            return Optional.of(wrong.notice());
        }
        if (failure instanceof ColumnException) {
            return Optional.of(Notice.of(failure.getMessage(), Setting.TEXT_COLUMN));
        }
        return failure instanceof TrainingDivergedException diverged
                ? Optional.of(Notice.of(diverged.getMessage(), Setting.LR, Setting.CLIP))
                : Optional.empty();
    }
}
