package org.diagonal.eval.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.NotFiniteException;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Perplexity;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.measure.perplexity.Provenance;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.eval.measure.perplexity.TooShortException;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.eval.measure.perplexity.Windows;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.TextEncoder;
import org.diagonal.wikitext.Tokens;

/**
 * The perplexity of a model on a text.
 *
 * @param protocol how it is measured
 * @param blockSize ids in a window; empty for the model's context, at most 1,024
 * @param stride of {@code hf-strided}; empty for the block size
 * @param precision of the operands of products in DJL
 */
public record EvaluationJob(
        Protocol protocol,
        Optional<Integer> blockSize,
        Optional<Integer> stride,
        Precision precision) {

    private static final int LONGEST_DEFAULT = 1024;

    /** Positions in one forward pass: more windows at once gain nothing on a CPU. */
    private static final int POSITIONS_AT_ONCE = 2048;

    /**
     * Measures a model.
     *
     * @param backend what computes it
     */
    public Evaluation run(Workplace place, ModelSource model, Corpus text, Backend backend)
            throws IOException {
        return switch (backend) {
            case DJL -> with(place, model, text, loaded -> loaded.measure(place));
            case ONNX -> onnx(place, model, text);
        };
    }

    /** Loads a model in DJL, to measure it as often as wanted. */
    public <R> R with(
            Workplace place, ModelSource model, Corpus text, LoadedModel.Use<Evaluation, R> use)
            throws IOException {
        Gpt2Config config = model.config();
        requireSizes(config);
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of(text));
        try (NDManager manager = place.manager()) {
            Gpt2 network = model.load(config, manager);
            return use.of(
                    new LoadedModel<>(
                            model.measured(),
                            network,
                            (where, named) -> run(where, named, network, tokenizer, text)));
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    private Evaluation onnx(Workplace place, ModelSource model, Corpus text) throws IOException {
        Gpt2Config config = model.config();
        requireSizes(config);
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of(text));
        try (OnnxModel exported = model.open(place.threads());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Scorer scorer = new OnnxScorer(exported, config.nPositions(), manager);
            return run(place, model.measured(), config, scorer, tokenizer, text);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    /** The same with a block size; one that was chosen stays. */
    public EvaluationJob within(int context) {
        int block = blockSize.orElse(Math.min(context, LONGEST_DEFAULT));
        return new EvaluationJob(protocol, Optional.of(block), stride, precision);
    }

    /**
     * What the figures will depend on; reads and tokenizes the text, but measures nothing.
     *
     * @throws IllegalArgumentException if the sizes do not fit the model or the text is too short
     *     for an interval
     */
    public Yardstick yardstick(
            Workplace place, Gpt2Config config, Optional<ModelTokenizer> tokenizer, Corpus text)
            throws IOException {
        requireSizes(config);
        TextEncoder encoder = Workplace.encoder(tokenizer, config);
        Windows windows = windows(place, config, encoder, text);
        long targets = 0;
        for (Iterator<Window> i = windows.iterator(); targets < 2 && i.hasNext(); ) {
            targets += i.next().scored();
        }
        if (targets < 2) {
            throw new IllegalArgumentException(
                    text.name() + " is too short for an interval: targets=1, needed=2");
        }
        return new Yardstick(
                protocol,
                windows.blockSize(),
                windows.stride(),
                place.tokens().sha256(text),
                encoder.sha256(),
                "");
    }

    /** Checks the sizes against a model before anything long begins. */
    public void requireSizes(Gpt2Config config) {
        if (config.regression()) {
            throw new SettingException(
                    "the model reads out a real number and has no perplexity: measure it on its"
                            + " task, task:NAME",
                    Setting.DATA);
        }
        Protocol.requireBlockSize(block(config), config.nPositions());
        if (protocol == Protocol.HF_STRIDED) {
            Protocol.requireStride(stride.orElse(block(config)), block(config));
        }
    }

    private int block(Gpt2Config config) {
        return blockSize.orElse(Math.min(config.nPositions(), LONGEST_DEFAULT));
    }

    /** Measures a network that is loaded. */
    public Evaluation run(
            Workplace place,
            MeasuredModel model,
            Gpt2 network,
            Optional<ModelTokenizer> tokenizer,
            Corpus text)
            throws IOException {
        network.prepare(precision);
        Scorer scorer = new DjlScorer(network, network.owner());
        return run(place, model.computed(precision), network.config(), scorer, tokenizer, text);
    }

    /** Measures a model that computes in another way. */
    public Evaluation run(
            Workplace place,
            MeasuredModel model,
            Gpt2Config config,
            Scorer scorer,
            Optional<ModelTokenizer> tokenizer,
            Corpus text)
            throws IOException {
        TextEncoder encoder = Workplace.encoder(tokenizer, config);
        Windows windows = windows(place, config, encoder, text);
        boolean bytewise =
                config.vocabSize() == 256
                        && tokenizer.isPresent()
                        && isBytes(tokenizer.get().sha256());
        Provenance provenance =
                new Provenance(text.name(), place.tokens().sha256(text), encoder.sha256(), model);
        int batch = Math.max(1, POSITIONS_AT_ONCE / block(config));
        try (Reporter.Task task = place.reporter().begin("Evaluating", windows.count())) {
            return Perplexity.measure(
                    scorer,
                    windows,
                    provenance,
                    bytewise,
                    batch,
                    progress ->
                            task.step(
                                    progress.windows(),
                                    String.format(
                                            Locale.ROOT,
                                            "perplexity %.2f",
                                            Math.exp(progress.nats() / progress.targets()))));
        } catch (NotFiniteException e) {
            throw new IllegalStateException(model.title() + ": " + e.getMessage(), e);
        }
    }

    private static boolean isBytes(String sha256) {
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            return bytes.sha256().equals(sha256);
        }
    }

    private Windows windows(Workplace place, Gpt2Config config, TextEncoder encoder, Corpus text)
            throws IOException {
        try {
            return protocol.cut(new CutText(place, config, encoder, text), block(config), stride);
        } catch (TooShortException e) {
            throw new IllegalArgumentException(text.name() + ": " + e.getMessage(), e);
        }
    }

    /** The text as protocols ask for it. */
    private record CutText(Workplace place, Gpt2Config config, TextEncoder encoder, Corpus text)
            implements Protocol.Text {

        @Override
        public Tokens joined() throws IOException {
            return place.joined(text, encoder);
        }

        @Override
        public Tokens rows() throws IOException {
            return place.rows(text, encoder);
        }

        @Override
        public List<Document> documents() throws IOException {
            return text.documents(encoder);
        }

        @Override
        public int endOfText() {
            return config.eosTokenId()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "lm-eval begins with the end-of-text token, and the"
                                                    + " model's config.json has no eos_token_id"));
        }
    }
}
