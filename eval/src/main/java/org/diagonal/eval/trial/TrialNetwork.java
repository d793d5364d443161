package org.diagonal.eval.trial;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Optional;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TaskData;
import org.diagonal.plugin.control.Controls;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.small.Architecture;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.task.Task;

/**
 * What a trial trains, and the ids that its strings have for it.
 *
 * @param network with its first values
 * @param alphabets the task's in the network's vocabulary
 */
record TrialNetwork(Network network, Alphabets alphabets) {

    /** Symbols of a GPT-2 do not change with the trial: its seed draws strings and weights. */
    private static final long SYMBOLS_SEED = 42;

    /**
     * The network as the trial describes it.
     *
     * @param manager owns its parameters
     */
    static TrialNetwork of(Workplace place, Trial trial, NDManager manager) throws IOException {
        Task task = TemplateTrials.open(trial.task());
        AlphabetSizes sizes =
                new AlphabetSizes(
                        trial.samples().trainAlphabet(),
                        trial.samples().validAlphabet(),
                        trial.samples().testAlphabet());
        if (trial.network().kind() == NetworkKind.GPT2) {
            return gpt2(place, trial, task, sizes, manager);
        }
        Alphabets alphabets = Alphabets.fromScratch(task, sizes);
        Architecture architecture = architecture(trial, task, alphabets);
        SmallNetwork network = SmallNetwork.fresh(architecture, trial.seed(), manager);
        trial.network().mimetic().ifPresent(network::makeMimetic);
        return new TrialNetwork(controlled(trial, network), alphabets);
    }

    private static TrialNetwork gpt2(
            Workplace place, Trial trial, Task task, AlphabetSizes sizes, NDManager manager)
            throws IOException {
        Trial.Weights weights = trial.network().weights().orElseThrow();
        ModelSource source = ModelSource.resolve(place.hub(), weights.name(), Optional.empty());
        Start start =
                weights.pretrained()
                        ? Start.pretrained(source)
                        : Start.random(source, trial.network().mimetic());
        TaskSetting setting = new TaskSetting(sizes, weights.symbols(), SYMBOLS_SEED);
        TaskData data = new TaskData(trial.task().name(), task, setting, trial.n(), 1);
        IdentityScalings scalings =
                start.config().scalings().plus(IdentityScalings.of(trial.arm(), true));
        Gpt2Config config = data.fit(start.config().withScalings(scalings).withDropout(0));
        try (ModelTokenizer tokenizer = data.tokenizer(start).orElseThrow()) {
            Alphabets alphabets = TaskData.alphabets(task, setting, config, tokenizer);
            Network network = start.network(config, trial.seed(), manager);
            return new TrialNetwork(controlled(trial, network), alphabets);
        }
    }

    private static Network controlled(Trial trial, Network network) {
        return Controls.on(trial.arm().control(), network, trial.seed());
    }

    /** The architecture of a network from scratch. */
    static Architecture architecture(Trial trial, Task task, Alphabets alphabets) {
        return trial.network()
                .kind()
                .architecture(trial.network().sizes(), task, alphabets, trial.arm());
    }
}
