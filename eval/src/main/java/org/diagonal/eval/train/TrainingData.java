package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/** What a network is trained on, and chosen by. */
public sealed interface TrainingData permits TextData, TaskData {

    /**
     * Examples, ready to be trained on.
     *
     * @param train what moves the parameters
     * @param valid what the best step is chosen on, if anything
     * @param record what they depend on, under the keys of {@code run.json}
     */
    record Lesson(Examples train, Optional<Examples> valid, ObjectNode record) {}

    /**
     * The configuration that a network needs to learn this.
     *
     * @throws IllegalArgumentException if its head does not fit the targets
     */
    Gpt2Config fit(Gpt2Config config);

    /** Whether there is something to choose the best step on. */
    boolean validates();

    /** The tokenizer that the data needs; the caller closes it. */
    Optional<ModelTokenizer> tokenizer(Start start) throws IOException;

    /**
     * Makes the examples.
     *
     * @throws IllegalArgumentException if the data does not fit the network
     */
    Lesson lesson(Workplace place, Gpt2Config config, Optional<ModelTokenizer> tokenizer)
            throws IOException;
}
