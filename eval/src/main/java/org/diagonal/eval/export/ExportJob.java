package org.diagonal.eval.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.onnx.Ahead;
import org.diagonal.plugin.onnx.FileJudge;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;

/**
 * Writes a model as ONNX, checks the file and compares what ONNX Runtime computes of it with what
 * DJL computes of the model.
 *
 * @param cacheLayout empty for what fits the model: none where it reads out a real number
 * @param dtypes the forms that are written, each once
 * @param opset the version of ONNX's operators
 * @param externalData whether weights lie beside the file
 * @param attentions whether attention weights are outputs
 * @param tolerance of the comparison
 * @param text what perplexity is measured on, if anything
 * @param mostIncrease of perplexity, a share: forms that raise it more are refused
 * @param demo where the page's library lies, as the page names it; empty for no page
 */
public record ExportJob(
        Optional<CacheLayout> cacheLayout,
        List<Dtype> dtypes,
        int opset,
        ExternalData externalData,
        boolean attentions,
        double tolerance,
        Optional<TextSource> text,
        OptionalDouble mostIncrease,
        Optional<String> demo) {

    /** Copies the list. */
    public ExportJob {
        dtypes = List.copyOf(dtypes);
    }

    /**
     * Writes a folder.
     *
     * @param out does not exist, or is an empty folder
     * @throws IOException if the model cannot be read, or the place is taken or cannot be written
     */
    public OnnxExport.Result run(Workplace place, ModelSource model, Path out) throws IOException {
        OnnxExport.requireFree(out);
        Gpt2Config config = TaskSetting.kept(model);
        Optional<Corpus> corpus = corpus(place, config);
        // The engine takes a second to load, and one core.
        try (Reporter.Task task = place.reporter().begin("Exporting", 1);
                Ahead<Optional<ModelTokenizer>> tokenizer =
                        Ahead.of(
                                "tokenizer",
                                () -> Workplace.tokenizer(model, corpus.stream().toList()),
                                loaded -> loaded.ifPresent(ModelTokenizer::close));
                Ahead<OnnxExport.Source> source = Ahead.of("hash", () -> source(place, model));
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            task.step(0, out.toString());
            Gpt2 network = model.load(config, manager);
            MeasuredModel measured = model.measured();
            Optional<ModelTokenizer> words = tokenizer.get();
            Optional<FileJudge> judge =
                    corpus.map(on -> new PerplexityJudge(place, measured, words, on, mostIncrease));
            return OnnxExport.write(
                    network,
                    words,
                    settings(config),
                    source.get(),
                    out,
                    new OnnxExport.Extras(judge, demo),
                    place.threads());
        }
    }

    /** The text that perplexity is measured on. */
    private Optional<Corpus> corpus(Workplace place, Gpt2Config config) throws IOException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        PerplexityJudge.JOB.requireSizes(config); // before anything is written
        return Optional.of(text.get().open(place.hub(), Split.TEST));
    }

    private ExportSettings settings(Gpt2Config config) {
        CacheLayout usual = config.regression() ? CacheLayout.NONE : CacheLayout.LAYERS;
        return new ExportSettings(
                cacheLayout.orElse(usual), dtypes, opset, externalData, attentions, tolerance);
    }

    private static OnnxExport.Source source(Workplace place, ModelSource model) throws IOException {
        return new OnnxExport.Source(
                model.measured().title(),
                model.sha256(),
                model.adapterSha256(),
                place.versions().getOrDefault("diagonal", ""),
                place.versions().getOrDefault("commit", ""));
    }
}
