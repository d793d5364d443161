package org.diagonal.eval.cli.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What options are for, so that a command refuses those that have no effect on what it was asked to
 * do. An option without one is for everything; an option's own counts before that of its class.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface Purpose {

    /** The purposes. */
    Of[] value();

    /** A purpose. */
    enum Of {
        /** Training, and nothing that is done with finished models. */
        TRAINING,
        /** Texts, and no template task. */
        TEXTS,
        /** Template tasks, and no text. */
        TASKS;

        /** Whether an option has this purpose. */
        public boolean isOf(OptionSpec option) {
            return GlobalOptions.mark(option, Purpose.class)
                    .filter(mark -> List.of(mark.value()).contains(this))
                    .isPresent();
        }
    }
}
