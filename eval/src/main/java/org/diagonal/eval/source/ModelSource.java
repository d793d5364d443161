package org.diagonal.eval.source;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.gpt2.AdapterFolder;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.onnx.ExportedConfig;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.run.RunFolder;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Where a model's weights lie: a model folder, and an adapter for it where there is one.
 *
 * @param name what the user called it
 * @param folder the model folder
 * @param adapter scalings for exactly these weights
 * @param dtype the form of an exported folder; empty for the first that it holds
 */
public record ModelSource(
        String name, Path folder, Optional<AdapterFolder> adapter, Optional<Dtype> dtype) {

    /** A model of which no form was chosen. */
    public ModelSource(String name, Path folder, Optional<AdapterFolder> adapter) {
        this(name, folder, adapter, Optional.empty());
    }

    /** The same in a form. */
    public ModelSource in(Optional<Dtype> form) {
        return new ModelSource(name, folder, adapter, form);
    }

    /** The file by which the folder of a comparison is known. */
    public static final String COMPARISON = "compare.json";

    /**
     * Finds a model: a name, a model folder, a run folder, which means its best model on
     * validation, or an adapter folder, whose base is then looked for.
     *
     * @throws IOException if it is not there or cannot be brought
     */
    public static ModelSource resolve(Hub hub, String nameOrPath, Optional<Path> adapter)
            throws IOException {
        Path folder = RunFolder.bestModel(hub.model(nameOrPath));
        if (Files.exists(folder.resolve("config.json"))) {
            Optional<AdapterFolder> scalings =
                    adapter.isPresent()
                            ? Optional.of(AdapterFolder.open(RunFolder.bestModel(adapter.get())))
                            : Optional.empty();
            return new ModelSource(nameOrPath, folder, scalings);
        }
        if (Adapter.isIn(folder) && adapter.isEmpty()) {
            AdapterFolder scalings = AdapterFolder.open(folder);
            return new ModelSource(nameOrPath, base(hub, scalings), Optional.of(scalings));
        }
        if (Files.exists(folder.resolve(RunFolder.RUN))) {
            throw FileFault.of(folder, "is a run that has not finished" + lastModel(folder));
        }
        if (Files.exists(folder.resolve(COMPARISON))) {
            throw FileFault.of(
                    folder, "is a comparison, not a model; name one of its runs: " + runs(folder));
        }
        throw new NoSuchFileException(
                folder.toString(), null, "is not a model folder: it holds no config.json");
    }

    private static Path base(Hub hub, AdapterFolder adapter) throws IOException {
        try {
            return hub.model(adapter.settings().baseModel());
        } catch (NoSuchFileException | IllegalArgumentException e) {
            throw new SettingException(
                    "%s is an adapter, and its base is not where it was: %s; name the base as the model, and this folder as its adapter"
                            .formatted(adapter.path(), e.getMessage()),
                    e,
                    Setting.MODEL,
                    Setting.ADAPTER);
        }
    }

    private static String lastModel(Path run) throws IOException {
        return RunFolder.lastCheckpoint(run)
                .map(path -> "; its last checkpoint is " + path)
                .orElse(" and has no checkpoint yet");
    }

    private static String runs(Path comparison) throws IOException {
        try (Stream<Path> files = Files.list(comparison)) {
            return files.filter(file -> Files.exists(file.resolve(RunFolder.RUN)))
                    .sorted()
                    .map(Path::toString)
                    .collect(Collectors.joining(", "));
        }
    }

    /** The network's configuration, with the adapter's scalings. */
    public Gpt2Config config() throws IOException {
        Gpt2Config config = ExportedConfig.read(folder);
        return adapter.isPresent() ? adapter.get().config(config) : config;
    }

    /** The tokenizer that belongs to the weights; the caller closes it. */
    public ModelTokenizer tokenizer() throws IOException {
        return ModelTokenizer.open(folder, Gpt2Config.read(folder).vocabSize());
    }

    /**
     * How results name the model: with its adapter, and the step after which a training saved it.
     */
    public MeasuredModel measured() throws IOException {
        return new MeasuredModel(
                name + dtype.map(form -> " (" + form.word() + ")").orElse(""),
                adapter.map(AdapterFolder::path)
                        .filter(path -> !path.equals(folder) && !name.equals(path.toString()))
                        .map(Path::toString),
                RunFolder.step(adapter.map(AdapterFolder::path).orElse(folder)));
    }

    /** What finds the weights from another folder, too: a path in full, a name as it is. */
    public String lasting() {
        boolean path = adapter.isPresent() || Files.exists(Path.of(name));
        return path ? folder.toAbsolutePath().normalize().toString() : name;
    }

    /** The weights' identity, the adapter not counted. */
    public String sha256() throws IOException {
        return Checkpoint.open(folder).sha256();
    }

    /** The identity of the adapter's scalings, if there is one. */
    public Optional<String> adapterSha256() throws IOException {
        return adapter.isPresent() ? Optional.of(adapter.get().sha256()) : Optional.empty();
    }

    /**
     * Loads the network.
     *
     * @param config {@link #config}, or the same with other dropout or more scalings
     * @param manager owns the parameters
     * @throws IllegalArgumentException if the adapter belongs to other weights
     */
    public Gpt2 load(Gpt2Config config, NDManager manager) throws IOException {
        if (isExported()) {
            throw new SettingException(
                    folder + ": is an exported folder, whose weights only ONNX Runtime runs",
                    Setting.RUNTIME);
        }
        return adapter.isPresent()
                ? adapter.get().load(folder, config, manager)
                : ModelFolder.load(folder, config, manager);
    }

    /** Whether the only weights are an exported file: folders of others may hold both kinds. */
    public boolean isExported() {
        return !Dtype.in(folder).isEmpty() && !Checkpoint.isIn(folder);
    }

    /**
     * Opens an exported folder in ONNX Runtime.
     *
     * @param threads of one operator
     * @throws IOException if the folder is none, or damaged
     */
    public OnnxModel open(int threads) throws IOException {
        if (adapter.isPresent()) {
            throw new IllegalArgumentException(
                    "an adapter is for a model folder, not for an exported one: export with it");
        }
        if (Dtype.in(folder).isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "is not an exported folder: it holds no %s; diagonal export makes one"
                            .formatted(Dtype.FP32.file()));
        }
        return dtype.isPresent()
                ? OnnxModel.open(folder, dtype.get(), threads)
                : OnnxModel.open(folder, threads);
    }
}
