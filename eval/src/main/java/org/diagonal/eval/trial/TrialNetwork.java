package org.diagonal.eval.trial;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.evaluate.Readout;
import org.diagonal.eval.evaluate.TaskScorer;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.eval.train.ScalingsRequest;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TaskData;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.control.Controls;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.small.Architecture;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.alphabet.SymbolKind;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;

/**
 * What a trial trains, and the ids that its strings have for it.
 *
 * @param network with its first values, or with those that were kept
 * @param alphabets the task's in the network's vocabulary
 * @param tested those of the task that it is measured on, with the same symbols
 * @param words where the tokenizer of a GPT-2 is
 */
record TrialNetwork(
        Network network, Alphabets alphabets, Alphabets tested, Optional<ModelSource> words) {

    /** Symbols of a GPT-2 do not change with the trial: its seed draws strings and weights. */
    private static final long SYMBOLS_SEED = 42;

    /**
     * The network as the trial describes it.
     *
     * @param manager owns its parameters
     */
    static TrialNetwork of(Workplace place, Trial trial, NDManager manager) throws IOException {
        Task task = TemplateTrials.open(trial.task());
        if (trial.network().kind() == NetworkKind.GPT2) {
            return gpt2(place, trial, task, manager);
        }
        Alphabets alphabets = Alphabets.fromScratch(task, sizes(trial));
        Architecture architecture = architecture(trial, task, alphabets);
        SmallNetwork network = SmallNetwork.fresh(architecture, trial.seed(), manager);
        trial.network().mimetic().ifPresent(network::makeMimetic);
        return small(trial, controlled(trial, network), alphabets);
    }

    private static TrialNetwork small(Trial trial, Network network, Alphabets alphabets)
            throws IOException {
        Alphabets tested =
                trial.testTask().isPresent()
                        ? alphabets.with(TemplateTrials.open(trial.testTask().get()))
                        : alphabets;
        return new TrialNetwork(network, alphabets, tested, Optional.empty());
    }

    private static AlphabetSizes sizes(Trial trial) {
        return new AlphabetSizes(
                trial.samples().trainAlphabet(),
                trial.samples().validAlphabet(),
                trial.samples().testAlphabet());
    }

    /**
     * The network that a trial left in a folder.
     *
     * @param manager owns its parameters
     * @throws IOException in one line, if a file is damaged
     * @throws IllegalArgumentException if the network is not the trial's
     */
    static TrialNetwork kept(Path folder, Trial trial, NDManager manager) throws IOException {
        Task task = TemplateTrials.open(trial.task());
        if (trial.network().kind() == NetworkKind.GPT2) {
            return keptGpt2(folder, trial, task, manager);
        }
        Alphabets alphabets = Alphabets.fromScratch(task, sizes(trial));
        Architecture expected = architecture(trial, task, alphabets);
        Architecture found = Architecture.read(folder);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    "config.json is not of the trial's network: expected %s, found %s"
                            .formatted(expected, found));
        }
        return small(trial, SmallNetwork.load(folder, manager), alphabets);
    }

    private static TrialNetwork keptGpt2(Path folder, Trial trial, Task task, NDManager manager)
            throws IOException {
        ModelSource source = new ModelSource(folder.toString(), folder, Optional.empty());
        Gpt2Config config = source.config();
        boolean real = task.kind() == LabelKind.REAL;
        if (config.regression() != real) {
            throw new IllegalArgumentException(
                    "config.json is not of the trial's network: labels of %s are %s"
                            .formatted(trial.task().name(), task.kind()));
        }
        try (ModelTokenizer tokenizer = source.tokenizer()) {
            return gpt2(trial, task, source.load(config, manager), config, tokenizer, source);
        }
    }

    private static TrialNetwork gpt2(
            Trial trial,
            Task task,
            Network network,
            Gpt2Config config,
            ModelTokenizer tokenizer,
            ModelSource source)
            throws IOException {
        TaskSetting setting = setting(trial);
        Alphabets alphabets = TaskData.alphabets(task, setting, config, tokenizer);
        Alphabets tested = alphabets;
        if (trial.testTask().isPresent()) {
            Task other = TemplateTrials.open(trial.testTask().get());
            tested = TaskData.tested(alphabets, other, setting, config, tokenizer);
        }
        return new TrialNetwork(network, alphabets, tested, Optional.of(source));
    }

    private static TaskSetting setting(Trial trial) {
        SymbolKind symbols = trial.network().weights().orElseThrow().symbols();
        return new TaskSetting(sizes(trial), symbols, SYMBOLS_SEED);
    }

    /** Writes what makes a folder this network: weights, configuration and tokenizer. */
    void save(Path folder) throws IOException {
        if (words.isPresent()) {
            try (ModelTokenizer tokenizer = words.get().tokenizer()) {
                tokenizer.save(folder);
            }
        }
        network.save(folder, TensorType.F32);
    }

    /**
     * Measures the network on test samples.
     *
     * @param model which one it is, for the record
     * @param count strings of seen and of unseen symbols each
     * @param seed of the strings
     * @param manager owns the network's parameters
     */
    TaskScores scores(Trial trial, MeasuredModel model, int count, long seed, NDManager manager) {
        Optional<Task> learned = Optional.of(alphabets.task());
        return new TaskScorer(Readout.of(network, manager), model, trial.tested().name(), learned)
                .scores(tested, count, seed);
    }

    private static TrialNetwork gpt2(Workplace place, Trial trial, Task task, NDManager manager)
            throws IOException {
        Trial.Weights weights = trial.network().weights().orElseThrow();
        ModelSource source = ModelSource.resolve(place.hub(), weights.name(), Optional.empty());
        Start start =
                weights.pretrained()
                        ? Start.pretrained(source)
                        : Start.random(source, trial.network().mimetic());
        TaskData data = new TaskData(trial.task().name(), task, setting(trial), trial.n(), 1);
        IdentityScalings scalings =
                new ScalingsRequest(
                                trial.arm(), Optional.empty(), Optional.empty(), Optional.empty())
                        .addedTo(start.config().scalings());
        Gpt2Config config = data.fit(start.config().withScalings(scalings).withDropout(0));
        try (ModelTokenizer tokenizer = data.tokenizer(start).orElseThrow()) {
            Network network = controlled(trial, start.network(config, trial.seed(), manager));
            return gpt2(trial, task, network, config, tokenizer, source);
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
