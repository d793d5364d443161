package org.diagonal.plugin;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.Evaluation;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.generate.Decoder;
import org.diagonal.plugin.generate.DjlDecoder;
import org.diagonal.plugin.generate.Generator;
import org.diagonal.plugin.generate.Sampling;
import org.diagonal.plugin.generate.TextStream;
import org.diagonal.plugin.gpt2.AdapterFolder;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.product.MissingLibraryException;
import org.diagonal.plugin.product.Product;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * A GPT-2 with identity scalings: load it, generate, fine-tune, measure, save, export to ONNX.
 *
 * <p>It owns the native memory of what it opens, which {@link #close} frees. One thread at a time,
 * and one training at a time in a process. Nothing is written before {@link #save} or {@link
 * #exportOnnx}.
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public final class Diagonal implements AutoCloseable {

    /** Examples of a forward pass when a loss is measured. */
    private static final int BATCH = 8;

    private final Path folder;
    private final Optional<AdapterFolder> adapter;
    private final Gpt2 network;
    private final NDManager manager;
    private Optional<ModelTokenizer> tokenizer = Optional.empty();
    private boolean trained;

    private Diagonal(
            Path folder, Optional<AdapterFolder> adapter, Gpt2 network, NDManager manager) {
        this.folder = folder;
        this.adapter = adapter;
        this.network = network;
        this.manager = manager;
    }

    /**
     * Loads a model folder in Hugging Face's layout, such as a run folder, with the scalings that
     * it has, on the CPU.
     *
     * @throws IOException if a file is missing, damaged or not a GPT-2's; the message names it
     */
    public static Diagonal load(Path folder) throws IOException {
        return load(folder, IdentityScalings.NONE, Device.cpu());
    }

    /**
     * Loads a model folder and adds scalings of zero, which change nothing until they are trained.
     *
     * @param added circuits that get scalings; those of the folder stay
     * @param device where the network lives
     * @throws IllegalArgumentException if the folder has the same scalings with other settings
     * @throws IOException if a file is missing, damaged or not a GPT-2's; the message names it
     */
    public static Diagonal load(Path folder, IdentityScalings added, Device device)
            throws IOException {
        Gpt2Config config = Gpt2Config.read(folder);
        Gpt2Config scaled = config.withScalings(config.scalings().plus(added));
        return open(
                folder, Optional.empty(), device, owner -> ModelFolder.load(folder, scaled, owner));
    }

    /**
     * Loads a model folder with the scalings of an adapter, on the CPU.
     *
     * @throws IllegalArgumentException if the adapter belongs to another model
     * @throws IOException if a file of either folder is missing or damaged
     */
    public static Diagonal load(Path folder, Path adapter) throws IOException {
        AdapterFolder scalings = AdapterFolder.open(adapter);
        Gpt2Config config = scalings.config(Gpt2Config.read(folder));
        return open(
                folder,
                Optional.of(scalings),
                Device.cpu(),
                owner -> scalings.load(folder, config, owner));
    }

    @FunctionalInterface
    private interface Loader {
        Gpt2 load(NDManager owner) throws IOException;
    }

    private static Diagonal open(
            Path folder, Optional<AdapterFolder> adapter, Device device, Loader loader)
            throws IOException {
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        Optional<Diagonal> made = Optional.empty();
        try {
            made = Optional.of(new Diagonal(folder, adapter, loader.load(manager), manager));
            return made.get();
        } finally {
            if (made.isEmpty()) {
                manager.close();
            }
        }
    }

    /** The network as a DJL block: ids (B, T) int64 to logits (B, T, V) float32. */
    public Block block() {
        return network;
    }

    /**
     * The ids of a text, without special tokens.
     *
     * @throws IOException if the folder has no tokenizer
     * @throws IllegalStateException if it needs GPT-2's own, and jtokkit is missing
     */
    public long[] encode(String text) throws IOException {
        return tokenizer().tokenizer().encode(text, false, false).getIds();
    }

    /** The text of some ids; throws as {@link #encode} does. */
    public String decode(long... ids) throws IOException {
        return tokenizer().tokenizer().decode(ids, true);
    }

    /**
     * The prompt and its most likely continuation; see {@link #generate(String, int, Sampling)}.
     */
    public String generate(String prompt, int maxNewTokens) throws IOException {
        return generate(prompt, maxNewTokens, Sampling.GREEDY);
    }

    /**
     * The prompt and its continuation, which ends with the text, with the model's context, or after
     * as many tokens as were asked for.
     *
     * @param maxNewTokens at least 1
     * @throws IllegalArgumentException if the prompt is longer than the context, or the model reads
     *     out a real number
     * @throws IOException if the folder has no tokenizer
     */
    public String generate(String prompt, int maxNewTokens, Sampling sampling) throws IOException {
        long[] ids = encode(prompt);
        List<Integer> ends = ModelFolder.endsOfText(folder, network.config());
        StringBuilder text = new StringBuilder(prompt);
        TextStream stream = new TextStream(tokenizer().tokenizer(), ids);
        try (Decoder decoder = new DjlDecoder(network, manager)) {
            new Generator(sampling, maxNewTokens, ends)
                    .generate(decoder, ids, id -> text.append(stream.add(id)));
        }
        return text.toString();
    }

    /**
     * Fine-tunes everything, in memory, with the settings of {@link TrainingSettings#DEFAULTS}, but
     * for the steps, the learning rate, and scalings that move ten times as fast as weights.
     *
     * @param steps optimizer steps, at least 1
     * @param lr learning rate, such as 1e-4
     * @return how it went
     */
    public TrainingResult fineTune(Examples train, int steps, double lr) throws IOException {
        TrainingSettings settings =
                TrainingSettings.DEFAULTS.withMaxSteps(steps).withLr(lr).withScalingsLr(10 * lr);
        return fineTune(train, Optional.empty(), settings, new TrainingListener() {});
    }

    /**
     * Fine-tunes in memory. With validation the model has the values that were best on it when the
     * training ends, without validation the last ones.
     *
     * @param valid measured before the first step and as often as the settings say
     * @param listener is told of each step
     * @throws IllegalArgumentException if there is no example, or nothing to train
     * @throws IllegalStateException if the loss stays not finite
     */
    public TrainingResult fineTune(
            Examples train,
            Optional<Examples> valid,
            TrainingSettings settings,
            TrainingListener listener)
            throws IOException {
        trained = true;
        Checkpointer keeping = Checkpointer.inMemory(network);
        return new FineTuner(keeping, train, valid, settings, listener, () -> false).train();
    }

    /** The mean loss of all scored targets in nats, or squared for real labels; no dropout. */
    public double loss(Examples examples) {
        if (examples.count() == 0) {
            throw new IllegalArgumentException("there is no example to measure");
        }
        return Evaluation.loss(network, examples, BATCH, () -> false).orElseThrow();
    }

    /** exp of the mean loss; whoever compares two must measure the same targets by both. */
    public double perplexity(Examples examples) {
        return Math.exp(loss(examples));
    }

    /**
     * Writes a model folder in Hugging Face's layout: configuration, weights in float32, and the
     * tokenizer where there is one.
     *
     * @param out does not exist, or is an empty folder
     */
    public void save(Path out) throws IOException {
        Optional<ModelTokenizer> own = ownTokenizer();
        AtomicFiles.writeFolder(
                out,
                part -> {
                    if (own.isPresent()) {
                        own.get().save(part);
                    }
                    network.save(part, TensorType.F32);
                });
    }

    /**
     * Writes the folder that programs for ONNX expect, and keeps it only if ONNX Runtime computes
     * what DJL computes, to 1e-4. Needs {@code com.microsoft.onnxruntime:onnxruntime} and {@code
     * org.tribuo:tribuo-util-onnx} on the class path, and the network on the CPU.
     *
     * @param out does not exist, or is an empty folder
     * @return the file for ONNX Runtime, {@code onnx/model.onnx} in it
     * @throws IllegalStateException if a library is missing, or ONNX Runtime computes something
     *     else
     */
    public Path exportOnnx(Path out) throws IOException {
        OnnxExport.write(
                network,
                ownTokenizer(),
                ExportSettings.standard(),
                source(),
                out,
                OnnxExport.Extras.none(),
                threads());
        return out.resolve(Dtype.FP32.file());
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    private OnnxExport.Source source() throws IOException {
        return new OnnxExport.Source(
                folder.toString(),
                trained ? Weights.sha256(network.parameters()) : Checkpoint.open(folder).sha256(),
                adapter.isPresent() && !trained
                        ? Optional.of(adapter.get().sha256())
                        : Optional.empty(),
                Product.version(),
                "");
    }

    private ModelTokenizer tokenizer() throws IOException {
        if (tokenizer.isEmpty()) {
            tokenizer = Optional.of(ModelTokenizer.open(folder, network.config().vocabSize()));
        }
        return tokenizer.get();
    }

    /** The tokenizer; empty where the folder has none and none can be made. */
    private Optional<ModelTokenizer> ownTokenizer() throws IOException {
        try {
            return Optional.of(tokenizer());
        } catch (NoSuchFileException | MissingLibraryException e) {
            return Optional.empty();
        }
    }

    /** Frees the network and the tokenizer. */
    @Override
    public void close() {
        tokenizer.ifPresent(ModelTokenizer::close);
        manager.close();
    }
}
