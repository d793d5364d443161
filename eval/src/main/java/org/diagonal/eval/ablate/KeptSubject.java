package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.ablate.Ablation.OnTask;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.KeptNetwork;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.gpt2.Gpt2Config;

/**
 * The network that a trial kept, on the task of its trial.
 *
 * @param kept the network
 * @param name what the user called it
 * @param samples strings of seen and of unseen symbols each
 * @param seed of the strings
 */
public record KeptSubject(KeptNetwork kept, String name, int samples, long seed)
        implements TaskScored {

    @Override
    public Model model() throws IOException {
        Trial.Network network = kept.trial().network();
        String sha256 = Checkpoint.openAsNamed(kept.folder()).sha256();
        if (network.kind() == NetworkKind.GPT2) {
            Gpt2Config config = Gpt2Config.read(kept.folder());
            if (config.scalings().isNone()) {
                throw Model.withoutScalings(name);
            }
            return new Model(name, sha256, Optional.empty(), config.nLayer(), config.nHead());
        }
        if (kept.trial().arm().circuits().isEmpty()) {
            throw Model.withoutScalings(name);
        }
        return new Model(
                name,
                sha256,
                Optional.empty(),
                network.sizes().getOrDefault(NetworkKind.DEPTH, 1),
                network.sizes().get(NetworkKind.HEADS));
    }

    @Override
    public <R> R with(Workplace place, LoadedModel.Use<TaskScores, R> use) throws IOException {
        return kept.with(place, name, samples, seed, use);
    }

    @Override
    public Optional<OnTask> task(TaskScores measured) {
        Trial trial = kept.trial();
        return Optional.of(
                new OnTask(
                        trial.tested().name(),
                        trial.tested().sha256(),
                        measured.unseen().labels().toString(),
                        measured.unseen().samples(),
                        measured.unseen().samplesSha256(),
                        "ids",
                        List.of(
                                trial.samples().trainAlphabet(),
                                trial.samples().validAlphabet(),
                                trial.samples().testAlphabet()),
                        seed,
                        trial.training().precision().toString()));
    }

    @Override
    public boolean isSame(Workplace place, Ablation file) {
        return file.task()
                .filter(on -> on.taskSha256().equals(kept.trial().tested().sha256()))
                .filter(on -> on.samples() == samples)
                .filter(on -> on.dataSeed() == seed)
                .isPresent();
    }
}
