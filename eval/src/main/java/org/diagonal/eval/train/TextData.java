package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Blocks;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.TextEncoder;

/**
 * A text, cut into blocks.
 *
 * @param train the text to train on
 * @param valid the text to choose the best step on
 * @param blockSize ids in a block; empty for the context, at most 1,024
 */
public record TextData(Corpus train, Optional<Corpus> valid, Optional<Integer> blockSize)
        implements TrainingData {

    private static final int LONGEST_DEFAULT = 1024;

    @Override
    public Gpt2Config fit(Gpt2Config config) {
        if (config.regression()) {
            throw new IllegalArgumentException(
                    train.name()
                            + " needs a model that predicts tokens, and this one's head reads out a"
                            + " real number");
        }
        return config;
    }

    @Override
    public boolean validates() {
        return valid.isPresent();
    }

    @Override
    public Optional<ModelTokenizer> tokenizer(Start start) throws IOException {
        List<Corpus> texts = new ArrayList<>(List.of(train));
        valid.ifPresent(texts::add);
        return start.tokenizer(texts);
    }

    @Override
    public Lesson lesson(Workplace place, Gpt2Config config, Optional<ModelTokenizer> tokenizer)
            throws IOException {
        int block = block(config);
        TextEncoder encoder = Workplace.encoder(tokenizer, config);
        Examples examples = examples(place, train, encoder, block);
        Optional<Examples> validation =
                valid.isPresent()
                        ? Optional.of(examples(place, valid.get(), encoder, block))
                        : Optional.empty();
        return new Lesson(examples, validation, record(place, encoder, block));
    }

    private int block(Gpt2Config config) {
        int block = blockSize.orElse(Math.min(config.nPositions(), LONGEST_DEFAULT));
        if (block < 2 || block > config.nPositions()) {
            throw new IllegalArgumentException(
                    "--block-size must be from 2 to the model's n_positions: block-size=%d,"
                                    .formatted(block)
                            + " n_positions="
                            + config.nPositions());
        }
        return block;
    }

    private static Examples examples(Workplace place, Corpus text, TextEncoder encoder, int block)
            throws IOException {
        Blocks blocks = Blocks.of(text, place.rows(text, encoder), block);
        if (blocks.count() == 0) {
            throw new IllegalArgumentException(text.name() + " is too short: it has no target");
        }
        return new TextExamples(blocks);
    }

    private ObjectNode record(Workplace place, TextEncoder encoder, int block) throws IOException {
        ObjectNode node = RunRecord.settings();
        node.put("data", train.name());
        node.put("data_sha256", place.tokens().sha256(train));
        if (valid.isPresent()) {
            node.put("valid_data", valid.get().name());
            node.put("valid_data_sha256", place.tokens().sha256(valid.get()));
        }
        node.put("tokenizer_sha256", encoder.sha256());
        node.put("block_size", block);
        return node;
    }
}
