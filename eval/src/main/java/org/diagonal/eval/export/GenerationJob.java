package org.diagonal.eval.export;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.generate.Decoder;
import org.diagonal.plugin.generate.DjlDecoder;
import org.diagonal.plugin.generate.Generated;
import org.diagonal.plugin.generate.Generator;
import org.diagonal.plugin.generate.OnnxDecoder;
import org.diagonal.plugin.generate.Sampling;
import org.diagonal.plugin.generate.TextStream;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.onnx.Ahead;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Continues a prompt.
 *
 * @param sampling how each token is chosen
 * @param maxNewTokens the most that are added
 * @param backend what computes; by default what the model's folder is for, DJL where it is for both
 */
public record GenerationJob(Sampling sampling, int maxNewTokens, Optional<Backend> backend) {

    /** Loads the engine. */
    @FunctionalInterface
    public interface Opening {
        /** The place of the job. */
        Workplace open() throws IOException;
    }

    /**
     * Continues a text. The tokenizer is loaded while the engine is.
     *
     * @param opening is asked once
     * @param prompt may be empty where the model has an end-of-text token, which then begins it
     * @param shown hears the continuation piece by piece, each ending with a whole symbol
     * @throws IllegalArgumentException if the prompt is longer than the context, or the model
     *     generates no text
     */
    public GenerationResult text(
            Opening opening, ModelSource model, String prompt, Consumer<String> shown)
            throws IOException {
        try (Ahead<ModelTokenizer> loading =
                Ahead.of("tokenizer", () -> tokenizer(model), ModelTokenizer::close)) {
            Workplace place = opening.open();
            HuggingFaceTokenizer tokenizer = loading.get().tokenizer();
            long[] ids = tokenizer.encode(prompt, false, false).getIds();
            TextStream stream = new TextStream(tokenizer, ids);
            return ids(place, model, ids, id -> shown.accept(stream.add(id)));
        }
    }

    private static ModelTokenizer tokenizer(ModelSource model) throws IOException {
        try {
            return model.tokenizer();
        } catch (NoSuchFileException e) {
            throw new SettingException(e.getMessage() + "; or give ids", e, Setting.IDS);
        }
    }

    /**
     * Goes on with ids.
     *
     * @param prompt none where the model has an end-of-text token, which then begins the text
     * @param shown hears each new id, but not the one that ends the text
     */
    public GenerationResult ids(
            Workplace place, ModelSource model, long[] prompt, LongConsumer shown)
            throws IOException {
        Gpt2Config config = model.config();
        if (config.regression()) {
            throw new IllegalArgumentException(
                    model.name() + " reads out a real number and generates no text");
        }
        Generator generator =
                new Generator(
                        sampling, maxNewTokens, ModelFolder.endsOfText(model.folder(), config));
        Backend usual =
                model.isExported() || model.dtype().isPresent() ? Backend.ONNX : Backend.DJL;
        return switch (backend.orElse(usual)) {
            case DJL -> {
                try (NDManager manager = place.manager();
                        Decoder decoder = new DjlDecoder(model.load(config, manager), manager)) {
                    yield run(generator, decoder, prompt, shown);
                }
            }
            case ONNX -> {
                try (OnnxModel exported = model.open(place.threads());
                        Decoder decoder = new OnnxDecoder(exported, config.nPositions())) {
                    yield run(generator, decoder, prompt, shown);
                }
            }
        };
    }

    private static GenerationResult run(
            Generator generator, Decoder decoder, long[] prompt, LongConsumer shown) {
        Stopwatch watch = new Stopwatch();
        Generated generated =
                generator.generate(
                        decoder,
                        prompt,
                        id -> {
                            watch.token();
                            shown.accept(id);
                        });
        return watch.result(prompt.length, generated);
    }

    /** Tells the time that the prompt took from the time of what follows. */
    private static final class Stopwatch {

        private final long begin = System.nanoTime();
        private long first;

        void token() {
            first = first == 0 ? System.nanoTime() : first;
        }

        GenerationResult result(int promptTokens, Generated generated) {
            long end = System.nanoTime();
            long read = first == 0 ? end : first;
            return new GenerationResult(
                    promptTokens,
                    generated.ids().size(),
                    (read - begin) / 1e9,
                    (end - read) / 1e9,
                    generated.end());
        }
    }
}
