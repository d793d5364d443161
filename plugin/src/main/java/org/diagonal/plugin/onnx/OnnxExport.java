package org.diagonal.plugin.onnx;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.OnnxFile;
import org.diagonal.plugin.onnx.graph.ScalingValues;
import org.diagonal.plugin.product.Library;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Writes a GPT-2 as the folder that programs for ONNX expect, and checks it before it gets its
 * name: {@code config.json}, {@code generation_config.json}, {@code genai_config.json}, {@code
 * tokenizer.json}, {@code tokenizer_config.json}, {@code README.md}, and under {@code onnx} a file
 * for each {@link Dtype}.
 */
public final class OnnxExport {

    /** What a folder takes beside the weights, at most: the tokenizer, the graph. */
    private static final long BESIDE_WEIGHTS = 64L << 20;

    private OnnxExport() {}

    /**
     * Where a network came from, for the file's metadata.
     *
     * @param name what the user called it
     * @param sha256 of its weights, {@link org.diagonal.plugin.checkpoint.Checkpoint#sha256}
     * @param adapterSha256 of the scalings, where they came from an adapter
     * @param version of this program
     * @param commit of this program; empty where it is not known
     */
    public record Source(
            String name,
            String sha256,
            Optional<String> adapterSha256,
            String version,
            String commit) {}

    /**
     * What is made besides the files.
     *
     * @param judge measures every file, where there is a text to measure with
     * @param demo for a page that generates in a browser: where the script of transformers.js lies,
     *     as the page names it
     */
    public record Extras(Optional<FileJudge> judge, Optional<String> demo) {

        /** Nothing. */
        public static Extras none() {
            return new Extras(Optional.empty(), Optional.empty());
        }
    }

    /**
     * What was written.
     *
     * @param parameters of the network, a tied head counted once
     * @param scalings {@code none}, {@code qk}, {@code ov} or {@code both}: those that are not zero
     * @param files the forms
     */
    public record Result(long parameters, Arm scalings, List<ExportedFile> files) {

        /** Copies the list. */
        public Result {
            files = List.copyOf(files);
        }

        /** The file of a form that was asked for. */
        public ExportedFile file(Dtype dtype) {
            return files.stream()
                    .filter(file -> file.dtype() == dtype)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("was not written: " + dtype));
        }
    }

    /**
     * Writes and checks a folder.
     *
     * @param network float32 on the CPU
     * @param tokenizer the network's, if it has one
     * @param out does not exist, or is an empty folder
     * @param extras what is made besides
     * @param threads of ONNX Runtime's operators
     * @throws IllegalArgumentException if the settings do not fit the network, or a weight is
     *     beyond the range of half precision
     * @throws IllegalStateException if ONNX Runtime does not compute what DJL computes
     * @throws IOException if the place is taken, too small, or cannot be written
     */
    public static Result write(
            Gpt2 network,
            Optional<ModelTokenizer> tokenizer,
            ExportSettings settings,
            Source source,
            Path out,
            Extras extras,
            int threads)
            throws IOException {
        Library.ONNX_FORMAT.require("exporting to ONNX");
        Library.ONNX_RUNTIME.require("checking an ONNX export");
        Gpt2Config config = network.config();
        if (config.regression() && settings.cacheLayout() != CacheLayout.NONE) {
            throw new IllegalArgumentException(
                    "a model that reads out a real number has no cache: cacheLayout="
                            + settings.cacheLayout());
        }
        if (extras.demo.isPresent()
                && (settings.cacheLayout() == CacheLayout.NONE || tokenizer.isEmpty())) {
            throw new IllegalArgumentException(
                    "a page that generates text needs a tokenizer and a cache: tokenizer=%s, cacheLayout=%s"
                            .formatted(tokenizer.isPresent(), settings.cacheLayout()));
        }
        ScalingValues scalings = ScalingValues.of(network);
        List<ExportedFile> files = new ArrayList<>();
        try (Reference reference = new Reference(network)) {
            FileExport export =
                    new FileExport(
                            reference,
                            scalings,
                            settings,
                            metadata(config, scalings, settings, source),
                            source.version(),
                            extras.judge,
                            threads);
            List<Dtype> external = external(export, settings);
            requireFree(out);
            requireSpace(out, size(export, settings) + BESIDE_WEIGHTS);
            AtomicFiles.writeFolder(
                    out,
                    part -> {
                        if (tokenizer.isPresent()) {
                            tokenizer.get().save(part, config.nPositions());
                        }
                        ClientFiles clients = new ClientFiles(config, scalings, settings, external);
                        clients.write(part);
                        for (Dtype dtype : settings.dtypes()) {
                            files.add(export.write(part, dtype));
                        }
                        if (extras.demo.isPresent()) {
                            DemoPage.write(part, source.name(), clients, extras.demo.get());
                        }
                        FolderCard.write(part, clients, tokenizer.isPresent(), source, files);
                    });
        }
        return new Result(parameters(network, scalings), scalings.settings().arm(), files);
    }

    /** The forms whose weights lie beside their files. */
    private static List<Dtype> external(FileExport export, ExportSettings settings) {
        return settings.dtypes().stream()
                .filter(
                        dtype ->
                                OnnxFile.isExternal(
                                        export.graph(dtype).weights(), settings.externalData()))
                .toList();
    }

    private static long size(FileExport export, ExportSettings settings) {
        return settings.dtypes().stream()
                .mapToLong(dtype -> OnnxFile.size(export.graph(dtype).weights()))
                .sum();
    }

    private static long parameters(Gpt2 network, ScalingValues scalings) {
        return network.parameters().entrySet().stream()
                .filter(e -> !scalings.isNone() || !network.scalings().contains(e.getKey()))
                .mapToLong(e -> e.getValue().getArray().size())
                .sum();
    }

    private static Map<String, String> metadata(
            Gpt2Config config, ScalingValues scalings, ExportSettings settings, Source source) {
        Map<String, String> metadata =
                new LinkedHashMap<>(
                        ExportedConfig.metadata(config, scalings, settings.cacheLayout()));
        metadata.put("source", source.name);
        metadata.put("source_sha256", source.sha256);
        source.adapterSha256.ifPresent(hash -> metadata.put("adapter_sha256", hash));
        if (!source.commit.isEmpty()) {
            metadata.put("commit", source.commit);
        }
        return metadata;
    }

    /** Refuses a place that holds something. */
    public static void requireFree(Path out) throws IOException {
        if (AtomicFiles.isEmptyFolder(out)) {
            return;
        }
        if (Files.isDirectory(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(out.toString(), null, "is not empty and not overwritten");
        }
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(
                    out.toString(), null, "already exists and is not overwritten");
        }
        AtomicFiles.requirePlace(out);
    }

    /** Refuses a disk that is too small, before anything is written. */
    static void requireSpace(Path out, long bytes) throws IOException {
        Path above = out.toAbsolutePath().normalize();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        long free = Files.getFileStore(above).getUsableSpace();
        if (free < bytes) {
            throw new FileSystemException(
                    out.toString(),
                    null,
                    "needs %d MB, and its disk has %d MB left"
                            .formatted(bytes / 1_000_000, free / 1_000_000));
        }
    }
}
