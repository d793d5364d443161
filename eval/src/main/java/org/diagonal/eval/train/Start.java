package org.diagonal.eval.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.MimeticHeads;
import org.diagonal.plugin.identity.LoraAdapter;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.random.RandomStream;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;

/**
 * What a training begins with.
 *
 * @param name the model's name in records
 * @param config its configuration, before the training adds scalings
 * @param model where weights and tokenizer come from; empty for a new architecture
 * @param tokenizerFolder the tokenizer of a new architecture; empty for GPT-2's
 * @param random whether the weights are drawn anew
 * @param mimetic what is then done to the QK circuits of all heads, if anything
 */
public record Start(
        String name,
        Gpt2Config config,
        Optional<ModelSource> model,
        Optional<Path> tokenizerFolder,
        boolean random,
        Optional<Mimetic> mimetic) {

    /** A hundred times as deep as the deepest that was published would still be fine. */
    private static final int MOST_LAYERS = 10_000;

    /** Refuses to overwrite a model's own heads. */
    public Start {
        if (mimetic.isPresent() && !random) {
            throw new IllegalArgumentException(
                    "mimetic initialisation is for weights that are drawn, not for those of "
                            + name);
        }
    }

    /** A model's weights. */
    public static Start pretrained(ModelSource model) throws IOException {
        return new Start(
                model.name(),
                model.config(),
                Optional.of(model),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** A model's architecture and tokenizer with new weights, perhaps mimetic ones. */
    public static Start random(ModelSource model, Optional<Mimetic> mimetic) throws IOException {
        return new Start(
                model.name(), model.config(), Optional.of(model), Optional.empty(), true, mimetic);
    }

    /** A new architecture, perhaps with mimetic weights. */
    public static Start fresh(
            Gpt2Config config, Optional<Path> tokenizerFolder, Optional<Mimetic> mimetic) {
        return new Start("new", config, Optional.empty(), tokenizerFolder, true, mimetic);
    }

    /** The tokenizer; empty where the model has none and every text is ids. */
    public Optional<ModelTokenizer> tokenizer(List<Corpus> texts) throws IOException {
        if (model.isPresent()) {
            return Workplace.tokenizer(model.get(), texts);
        }
        return Optional.of(
                tokenizerFolder.isPresent()
                        ? ModelTokenizer.open(tokenizerFolder.get(), config.vocabSize())
                        : ModelTokenizer.gpt2());
    }

    /** Whether the weights hold LoRA of an adapter, which the base lacks. */
    boolean hasLora() {
        return model.flatMap(ModelSource::adapter)
                .filter(adapter -> adapter.settings() instanceof LoraAdapter)
                .isPresent();
    }

    /** {@code pretrained}, {@code random} or {@code mimetic}. */
    public String init() {
        return mimetic.isPresent() ? "mimetic" : random ? "random" : "pretrained";
    }

    /** The identity of the weights; {@code random} where they are drawn. */
    String sha256() throws IOException {
        return random ? RunRecord.RANDOM : model.orElseThrow().sha256();
    }

    /**
     * Refuses sizes that no weights vouch for, before memory runs out over them.
     *
     * @throws IllegalArgumentException naming the sizes
     */
    private static void requireBuildable(Gpt2Config wanted) {
        if (wanted.nLayer() > MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "n_layer must be at most %d where weights are drawn: %d"
                            .formatted(MOST_LAYERS, wanted.nLayer()));
        }
        double width = wanted.nEmbd();
        double layer = width * (4 * width + 2.0 * wanted.nInner());
        double bytes =
                Float.BYTES
                        * (width * ((double) wanted.vocabSize() + wanted.nPositions())
                                + wanted.nLayer() * layer);
        double memory =
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getTotalMemorySize();
        if (bytes > memory) {
            throw new IllegalArgumentException(
                    "weights of %.0f GB do not fit into the %.0f GB of this machine: n_layer=%d, n_embd=%d, n_inner=%d, n_positions=%d, vocab_size=%d"
                            .formatted(
                                    bytes / 1e9,
                                    memory / 1e9,
                                    wanted.nLayer(),
                                    wanted.nEmbd(),
                                    wanted.nInner(),
                                    wanted.nPositions(),
                                    wanted.vocabSize()));
        }
    }

    /**
     * The network.
     *
     * @param wanted {@link #config}, or the same with other dropout or more scalings
     * @param seed of new weights, which do not depend on the scalings
     */
    public Gpt2 network(Gpt2Config wanted, long seed, NDManager manager) throws IOException {
        Engine.getEngine("PyTorch").setRandomSeed(RandomStream.INITIAL_WEIGHTS.engineSeed(seed));
        if (!random) {
            return model.orElseThrow().load(wanted, manager); // may lack a head, which is drawn
        }
        requireBuildable(wanted);
        Gpt2 network = new Gpt2(wanted);
        network.initialize(manager);
        mimetic.ifPresent(how -> MimeticHeads.apply(how, network));
        return network;
    }
}
