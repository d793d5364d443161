package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.listing.CatalogueText;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.export.ExportJob;
import org.diagonal.eval.export.ExportText;
import org.diagonal.eval.export.FolderExportJob;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Room;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code diagonal export}: a model for other programs. */
@Command(
        name = "export",
        header = "Write a model for other programs, as ONNX",
        description = {
            "Writes a model as ONNX with everything its clients look for, runs it with ONNX"
                    + " Runtime, and compares each logit with DJL's: what differs is not kept.",
            "",
            "There is no merge: the scalings cannot be folded into GPT-2's weights, since a I has"
                    + " rank D, the model's width, and W_Q W_K^T at most d = D / heads. In ONNX they"
                    + " are part of the graph. Where all are zero, the file is plain GPT-2."
        },
        customSynopsis = "diagonal export --model M --out DIR [options]",
        footer = {
            "diagonal export --model runs/both --out exported",
            "diagonal export --model gpt2 --out all --dtype fp32,fp16,q8,q4",
            "diagonal export --model nano --out small --dtype q4 --data europarl:test",
            "diagonal export --model nano --adapter runs/few --out whole --format hf"
        })
@Heading("Export")
public final class ExportCommand extends Action {

    @Mixin ModelOptions model;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "the folder; must not exist, or be empty")
    Path out;

    @Option(names = "--format", description = "ONNX, or a folder of Hugging Face's")
    Format format = Format.ONNX;

    @Option(
            names = "--cache-layout",
            description =
                    "a cache of keys and values, with half as many layers more for the"
                            + " scalings; or none, for scoring [layers]")
    Optional<CacheLayout> cacheLayout;

    @Option(
            names = "--dtype",
            split = ",",
            description =
                    "forms of the matrices, separated by commas, a file each: as they are, halves,"
                            + " 8 bits, 4 bits; the last two are computed in integers")
    List<Dtype> dtypes = List.of(Dtype.FP32);

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "measure the perplexity of each file on this text, beside fp32's")
    Optional<String> data;

    @Option(
            names = "--max-perplexity-increase",
            paramLabel = "PERCENT",
            converter = Percent.class,
            description =
                    "refuse to export forms that raise perplexity on --data more than this, such"
                            + " as 0.5 for half a per cent")
    Optional<Double> mostIncrease;

    @Option(
            names = "--opset",
            paramLabel = "17|18|19|20|21",
            converter = Opset.class,
            description = "version of ONNX's operators [17]")
    Optional<Integer> opset;

    @Option(
            names = "--external-data",
            description = "weights in a file beside; auto: above 2 GB [auto]")
    Optional<ExternalData> externalData;

    @Option(
            names = "--atol",
            converter = Numbers.AboveZero.class,
            description = "largest difference from DJL, beside 1e-5 of a logit's size [1e-4]")
    Optional<Double> tolerance;

    @Option(names = "--attentions", description = "attention weights as outputs attentions.N")
    boolean attentions;

    @Option(names = "--demo", description = "a page, demo.html, that generates in a browser")
    boolean demo;

    @Option(
            names = "--demo-script",
            paramLabel = "PATH",
            description =
                    "where the page finds transformers.js, and beside it its WebAssembly files"
                            + " [transformers.min.js]")
    Optional<String> demoScript;

    @Option(names = "--plan", description = "say what is written and how large, and write nothing")
    boolean plan;

    @Mixin JsonOption json;

    /** What is written. */
    enum Format {
        ONNX,
        HF
    }

    /** A share in per cent, with or without the sign. */
    static final class Percent implements ITypeConverter<Double> {
        @Override
        public Double convert(String words) {
            return new Numbers.NotNegative().convert(words.replaceFirst("%$", "")) / 100;
        }
    }

    /** The versions that are known. */
    static final class Opset implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String words) {
            if (!words.matches("1[7-9]|2[01]")) {
                throw new TypeConversionException(
                        "'%s' is not one of: 17, 18, 19, 20, 21".formatted(words));
            }
            return Integer.valueOf(words);
        }
    }

    @Override
    protected int run() throws IOException {
        json.check(global, ResultFile.Kind.EXPORT);
        if (format == Format.HF) {
            global.refuse(
                    "is for --format onnx, not for hf",
                    List.of(
                            "--cache-layout",
                            "--opset",
                            "--external-data",
                            "--atol",
                            "--attentions",
                            "--data",
                            "--max-perplexity-increase",
                            "--demo",
                            "--demo-script"));
        }
        checkDtypes();
        if (mostIncrease.isPresent() && data.isEmpty()) {
            throw global.wrong("--max-perplexity-increase needs a text to measure on: --data");
        }
        if (demoScript.isPresent() && !demo) {
            throw global.wrong("--demo-script is for the page of --demo");
        }
        return export();
    }

    private void checkDtypes() {
        if (Set.copyOf(dtypes).size() < dtypes.size()) {
            throw global.wrong("--dtype names a form twice");
        }
        boolean floats = dtypes.size() == 1 && !dtypes.get(0).isQuantized();
        if (format == Format.HF && !floats) {
            throw global.wrong("--format hf takes one --dtype, fp32 or fp16");
        }
    }

    /** About what a file of so many numbers takes: biases and scales are few. */
    private static long bytes(long numbers, Dtype dtype) {
        return switch (dtype) {
            case FP32 -> 4 * numbers;
            case FP16 -> 2 * numbers;
            case Q8 -> numbers;
            case Q4 -> numbers / 2 + numbers / 8;
        };
    }

    /** What an export will take, in bytes. */
    record Plan(long parameters, long memory, OptionalLong memoryFree, long disk, long diskFree) {}

    private long largest(long numbers) {
        return dtypes.stream().mapToLong(dtype -> bytes(numbers, dtype)).max().orElse(0);
    }

    private void plan(ModelSource source) throws IOException {
        Checkpoint weights = Checkpoint.open(source.folder());
        long numbers =
                weights.names().stream()
                        .map(weights::info)
                        .mapToLong(info -> info.shape().stream().reduce(1L, Math::multiplyExact))
                        .sum();
        long bytes = dtypes.stream().mapToLong(dtype -> bytes(numbers, dtype)).sum();
        long free = Room.disk(out);
        String file =
                format == Format.HF
                        ? "model.safetensors"
                        : dtypes.stream().map(Dtype::file).collect(Collectors.joining(", "));
        long memory = 4 * numbers + 2 * largest(numbers); // the network, a file, its session
        OptionalLong left = Room.memory();
        json.write("plan", List.of(new Plan(numbers, memory, left, bytes, free)));
        PrintWriter words = json.words();
        words.printf("Files    %s/{config.json, tokenizer.json, %s}%n", out, file);
        words.printf(
                "Memory   at least %s, %s are free%s%n",
                CatalogueText.size(memory),
                left.isPresent() ? CatalogueText.size(left.getAsLong()) : "unknown",
                left.isPresent() && memory > left.getAsLong() ? ": DOES NOT FIT" : "");
        words.printf(
                "Disk     about %s, %s are free%s%n",
                CatalogueText.size(bytes),
                CatalogueText.size(free),
                bytes > free ? ": DOES NOT FIT" : "");
        words.printf("%nNothing was written.%n");
        words.flush();
    }

    private int export() throws IOException {
        OnnxExport.requireFree(out);
        Workplace place = new Requests(global).workplace();
        ModelSource source = ModelSource.resolve(place.hub(), model.model, model.adapter);
        if (plan) {
            plan(source);
            return 0;
        }
        if (format == Format.HF) {
            TensorType type = dtypes.get(0) == Dtype.FP16 ? TensorType.F16 : TensorType.F32;
            FolderExportJob.Result written = new FolderExportJob(type).run(place, source, out);
            json.write("files", List.of(written));
            ExportText.write(written, source.measured(), out, json.words());
            return 0;
        }
        ExportSettings usual = ExportSettings.standard();
        ExportJob job =
                new ExportJob(
                        cacheLayout,
                        dtypes,
                        opset.orElse(usual.opset()),
                        externalData.orElse(usual.externalData()),
                        attentions,
                        tolerance.orElse(usual.tolerance()),
                        data.map(TextSource::parse),
                        mostIncrease.isPresent()
                                ? OptionalDouble.of(mostIncrease.get())
                                : OptionalDouble.empty(),
                        demo
                                ? Optional.of(demoScript.orElse("transformers.min.js"))
                                : Optional.empty());
        OnnxExport.Result written = job.run(place, source, out);
        json.write("files", written.files());
        ExportText.write(written, source.measured(), out, json.words());
        return 0;
    }
}
