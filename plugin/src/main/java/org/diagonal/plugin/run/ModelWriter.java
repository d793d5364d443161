package org.diagonal.plugin.run;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.card.ModelCard;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.finetune.Standing;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * Writes everything that makes a folder a model: weights, configuration, tokenizer, model card, the
 * state of the training, and the adapter where the scalings alone were trained.
 *
 * @param network the network
 * @param tokenizer its tokenizer; empty where it is trained on bare ids
 * @param adapter the adapter's base, where only the scalings move
 * @param type element type of final weights
 * @param card what the folder says of itself; empty for a network that is no GPT-2
 */
public record ModelWriter(
        Network network,
        Optional<ModelTokenizer> tokenizer,
        Optional<Adapter> adapter,
        TensorType type,
        Optional<ModelCard> card) {

    /** Writes a whole model folder. */
    void write(Path folder, Standing standing) throws IOException {
        write(folder, type, standing);
    }

    /**
     * Writes a whole model folder with another element type; {@code config.json}, by which others
     * know a model folder, comes last. A model card that is there stays: it is the user's, or the
     * very same.
     */
    void write(Path folder, TensorType weights, Standing standing) throws IOException {
        if (tokenizer.isPresent()) {
            tokenizer.get().save(folder);
        }
        if (adapter.isPresent()) {
            Map<String, NDArray> scalings = new LinkedHashMap<>();
            network.parameters()
                    .forEach(
                            (name, parameter) -> {
                                if (network.scalings().contains(name)) {
                                    scalings.put(name, parameter.getArray());
                                }
                            });
            adapter.get().save(folder, scalings);
        }
        Path readme = folder.resolve(ModelCard.FILE);
        if (card.isPresent() && !Files.exists(readme)) {
            AtomicFiles.writeString(readme, card.get().text(network.loss(), adapter, standing));
        }
        AtomicFiles.writeString(folder.resolve(TrainingState.FILE), standing.state().json());
        network.save(folder, weights);
    }
}
