package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
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
 * @param validationSplit the share of the blocks, the last ones, that is not trained on but chosen
 *     with instead; 0 for none
 * @param blockSize ids in a block; empty for the context, at most 1,024
 */
public record TextData(
        Corpus train, Optional<Corpus> valid, double validationSplit, Optional<Integer> blockSize)
        implements TrainingData {

    private static final int LONGEST_DEFAULT = 1024;

    /** What {@code run.json} says of a text. */
    record Keys(
            String data,
            String dataSha256,
            Optional<String> validData,
            Optional<String> validDataSha256,
            OptionalDouble validationSplit,
            String tokenizerSha256,
            int blockSize) {}

    /** Refuses a share beside a text. */
    public TextData {
        if (validationSplit < 0 || validationSplit >= 1) {
            throw new IllegalArgumentException(
                    "the share for validation must be below 1: " + validationSplit);
        }
        if (validationSplit > 0 && valid.isPresent()) {
            throw new IllegalArgumentException(
                    "validation takes a share of the text or another text, not both");
        }
    }

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
        return valid.isPresent() || validationSplit > 0;
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
        Blocks blocks = blocks(place, train, encoder, block);
        int kept = blocks.count() - heldOut(blocks.count());
        Optional<Examples> validation = Optional.empty();
        if (valid.isPresent()) {
            validation = Optional.of(new TextExamples(blocks(place, valid.get(), encoder, block)));
        } else if (kept < blocks.count()) {
            validation = Optional.of(new TextExamples(blocks.range(kept, blocks.count())));
        }
        return new Lesson(
                new TextExamples(blocks.range(0, kept)), validation, record(place, encoder, block));
    }

    /** At least one block, if any are wanted; and one is left to train on. */
    private int heldOut(int blocks) {
        if (validationSplit == 0) {
            return 0;
        }
        if (blocks < 2) {
            throw new IllegalArgumentException(
                    train.name() + " is too short to hold some of it out: it is a single block");
        }
        return Math.min(blocks - 1, (int) Math.max(1, Math.round(validationSplit * blocks)));
    }

    private int block(Gpt2Config config) {
        int block = blockSize.orElse(Math.min(config.nPositions(), LONGEST_DEFAULT));
        if (block < 2 || block > config.nPositions()) {
            throw new SettingException(
                    "block size must be from 2 to the model's n_positions: block_size=%d, n_positions=%d"
                            .formatted(block, config.nPositions()),
                    Setting.BLOCK_SIZE);
        }
        return block;
    }

    private static Blocks blocks(Workplace place, Corpus text, TextEncoder encoder, int block)
            throws IOException {
        Blocks blocks = Blocks.of(text, place.rows(text, encoder), block);
        if (blocks.count() == 0) {
            throw new IllegalArgumentException(text.name() + " is too short: it has no target");
        }
        return blocks;
    }

    private ObjectNode record(Workplace place, TextEncoder encoder, int block) throws IOException {
        Optional<String> validHash = Optional.empty();
        if (valid.isPresent()) {
            validHash = Optional.of(place.tokens().sha256(valid.get()));
        }
        return RunRecord.settings(
                new Keys(
                        train.name(),
                        place.tokens().sha256(train),
                        valid.map(Corpus::name),
                        validHash,
                        validationSplit > 0
                                ? OptionalDouble.of(validationSplit)
                                : OptionalDouble.empty(),
                        encoder.sha256(),
                        block));
    }
}
