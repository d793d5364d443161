package org.diagonal.eval.source;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.hub.Hub;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.TextEncoder;
import org.diagonal.wikitext.TokenCache;
import org.diagonal.wikitext.Tokens;

/**
 * What every job needs from its surroundings.
 *
 * @param hub finds models and data sets
 * @param tokens remembers token ids
 * @param device where networks live
 * @param threads of one operator, those of the engine
 * @param versions what was loaded, for the record
 * @param reporter hears how a job gets on
 */
public record Workplace(
        Hub hub,
        TokenCache tokens,
        Device device,
        int threads,
        Map<String, String> versions,
        Reporter reporter) {

    /** Copies the versions, in their order. */
    public Workplace {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /** A manager on the device; the caller closes it, and with it every network loaded into it. */
    public NDManager manager() {
        return NDManager.newBaseManager(device, "PyTorch");
    }

    /**
     * The model's tokenizer; empty where it has none and all texts are given as ids.
     *
     * @throws IOException if a text needs a tokenizer that the model does not have
     */
    public static Optional<ModelTokenizer> tokenizer(ModelSource model, List<Corpus> texts)
            throws IOException {
        try {
            return Optional.of(model.tokenizer());
        } catch (NoSuchFileException e) {
            if (texts.stream().allMatch(text -> text.layout() == Corpus.Layout.IDS)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public static TextEncoder encoder(Optional<ModelTokenizer> tokenizer, Gpt2Config config) {
        return tokenizer
                .map(
                        t ->
                                TextEncoder.of(
                                        t.tokenizer(),
                                        t.sha256(),
                                        config.vocabSize(),
                                        t::cutsAtSpaces))
                .orElseGet(() -> TextEncoder.idsOnly(config.vocabSize()));
    }

    public Tokens rows(Corpus text, TextEncoder encoder) throws IOException {
        try (Tokenizing task = new Tokenizing(text)) {
            return tokens.rows(text, encoder, task::at);
        }
    }

    public Tokens joined(Corpus text, TextEncoder encoder) throws IOException {
        try (Tokenizing task = new Tokenizing(text)) {
            return tokens.joined(text, encoder, task::at);
        }
    }

    /** A task that begins with its first step: ids that are kept already need none. */
    private final class Tokenizing implements AutoCloseable {
        private final Corpus text;
        private final long size;
        private Optional<Reporter.Task> task = Optional.empty();

        Tokenizing(Corpus text) throws IOException {
            this.text = text;
            this.size = Math.max(1, text.size());
        }

        void at(long done) {
            if (task.isEmpty()) {
                task = Optional.of(reporter.begin("Tokenizing", Math.max(size, done)));
            }
            task.get().step(done, text.name());
        }

        @Override
        public void close() {
            task.ifPresent(Reporter.Task::close);
        }
    }
}
