package org.diagonal.plugin.zoo;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.diagonal.plugin.generate.Decoder;
import org.diagonal.plugin.generate.DjlDecoder;
import org.diagonal.plugin.generate.Generator;
import org.diagonal.plugin.generate.Sampling;
import org.diagonal.plugin.generate.TextStream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Text to text: a prompt to the prompt and what the network adds.
 *
 * <p>Arguments of the criteria are {@code maxNewTokens} (50), and for drawing instead of taking the
 * most likely token {@code temperature}, {@code topK}, {@code topP} and {@code seed} (42). Each
 * prediction begins the seed's draws anew. Safe for many threads.
 */
final class TextTranslator implements NoBatchifyTranslator<String, String> {

    private static final int MAX_NEW_TOKENS = 50;
    private static final long SEED = 42;
    private static final String PROMPT = "prompt";

    private final ModelTokenizer tokenizer;
    private final Generator generator;

    private TextTranslator(ModelTokenizer tokenizer, Generator generator) {
        this.tokenizer = tokenizer;
        this.generator = generator;
    }

    /**
     * A translator for the model of a folder.
     *
     * @param model owns the tokenizer from now on
     * @throws IOException if the folder has no tokenizer
     * @throws IllegalArgumentException if an argument is out of its range, or the model reads out a
     *     real number
     */
    static TextTranslator of(Path folder, Model model, Map<String, ?> arguments)
            throws IOException {
        Gpt2Config config = Gpt2Config.read(folder);
        if (config.regression()) {
            throw new IllegalArgumentException(
                    folder + " reads out a real number and generates no text");
        }
        OptionalDouble temperature = number(arguments, "temperature");
        OptionalDouble topP = number(arguments, "topP");
        OptionalInt topK = whole(arguments, "topK");
        long seed = argument(arguments, "seed", "whole number", Long::valueOf).orElse(SEED);
        Generator generator =
                new Generator(
                        Sampling.of(temperature, topK, topP, seed),
                        whole(arguments, "maxNewTokens").orElse(MAX_NEW_TOKENS),
                        ModelFolder.endsOfText(folder, config));
        ModelTokenizer tokenizer = ModelTokenizer.open(folder, config.vocabSize());
        model.getNDManager().attachInternal(NDManager.nextUid(), tokenizer);
        return new TextTranslator(tokenizer, generator);
    }

    private static <T> Optional<T> argument(
            Map<String, ?> arguments, String name, String kind, Function<String, T> parse) {
        Optional<String> words = Optional.ofNullable(arguments.get(name)).map(Object::toString);
        try {
            return words.map(parse);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "argument %s must be a %s: %s".formatted(name, kind, words.get()), e);
        }
    }

    private static OptionalDouble number(Map<String, ?> arguments, String name) {
        return argument(arguments, name, "number", Double::valueOf).stream()
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    private static OptionalInt whole(Map<String, ?> arguments, String name) {
        return argument(arguments, name, "whole number", Integer::valueOf).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    /** The tokenizer, closed with the model. */
    ModelTokenizer tokenizer() {
        return tokenizer;
    }

    /** DJL runs the block once between the two halves, whatever it is for: one id is cheap. */
    @Override
    public NDList processInput(TranslatorContext context, String prompt) {
        context.setAttachment(PROMPT, prompt);
        return new NDList(context.getNDManager().create(new long[][] {{0}}));
    }

    @Override
    public String processOutput(TranslatorContext context, NDList output) {
        String prompt = (String) context.getAttachment(PROMPT);
        long[] ids = tokenizer.tokenizer().encode(prompt, false, false).getIds();
        StringBuilder text = new StringBuilder(prompt);
        TextStream stream = new TextStream(tokenizer.tokenizer(), ids);
        try (Decoder decoder = new DjlDecoder((Gpt2) context.getBlock(), context.getNDManager())) {
            generator.generate(decoder, ids, id -> text.append(stream.add(id)));
        }
        return text.toString();
    }
}
