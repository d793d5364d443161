package org.diagonal.eval.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.onnx.ExportedConfig;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Writes a model as a folder of Hugging Face's, an adapter's scalings among the weights. Scalings
 * that are all zero are left out, and with them everything that other programs do not know.
 *
 * @param type F32 or F16
 */
public record FolderExportJob(TensorType type) {

    /**
     * What was written.
     *
     * @param scalings which only this program computes
     * @param bytes of the weights
     */
    public record Result(Arm scalings, long bytes) {}

    /**
     * Writes a folder.
     *
     * @param out does not exist, or is an empty folder
     */
    public Result run(Workplace place, ModelSource model, Path out) throws IOException {
        OnnxExport.requireFree(out);
        Gpt2Config config = TaskSetting.kept(model);
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of());
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Gpt2 network = model.load(config, manager);
            boolean plain = network.isPlain();
            Gpt2Config written = plain ? config.withScalings(IdentityScalings.NONE) : config;
            Map<String, Parameter> parameters = new LinkedHashMap<>(network.parameters());
            if (plain) {
                parameters.keySet().removeAll(network.scalings());
            }
            AtomicFiles.writeFolder(
                    out,
                    part -> {
                        if (tokenizer.isPresent()) {
                            tokenizer.get().save(part, config.nPositions());
                        }
                        if (!config.regression()) {
                            Files.writeString(
                                    part.resolve("generation_config.json"),
                                    ExportedConfig.generation(config));
                        }
                        Weights.save(parameters, written.json(), part, type);
                    });
            return new Result(
                    written.scalings().arm(), Files.size(out.resolve("model.safetensors")));
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }
}
