package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.train.Start;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;

/** What a benchmark trains: a network with random weights, and examples without sense. */
public sealed interface BenchSubject {

    /** The seed of weights and batches. */
    long SEED = 42;

    /** Its name. */
    String model();

    /** Its sizes. */
    Sizes sizes();

    /** The formula of a step's useful operations. */
    String formula();

    /** Tokens in a block, or in a sample; each is measured. */
    List<Integer> blockSizes();

    /** Whether it reads samples, not blocks of tokens. */
    boolean readsSamples();

    /** A network of an arm; belongs to the manager. */
    Network network(Arm arm, NDManager manager) throws IOException;

    /**
     * What it is trained on.
     *
     * @param count blocks, or samples, in all
     */
    Examples examples(int count, int blockSize, NDManager manager);

    /** The settings that are its own. */
    TrainingSettings settings();

    /** Useful operations of one step. */
    double flops(int batchSize, int blockSize);

    /** A GPT-2 without scalings. */
    record Gpt2(String model, Gpt2Config config, List<Integer> blockSizes) implements BenchSubject {

        /**
         * The architecture of a model.
         *
         * @param model a name or a folder; nothing is downloaded
         * @param shorten whether longer blocks than the model's context become as long as it;
         *     otherwise they are refused
         * @param dropout everywhere
         */
        public static Gpt2 of(
                Hub hub, String model, List<Integer> blockSizes, boolean shorten, double dropout)
                throws IOException {
            Gpt2Config config = PublishedSize.architecture(hub, model).withDropout(dropout);
            int context = config.nPositions();
            for (int size : blockSizes) {
                if (size < 2 || (size > context && !shorten)) {
                    throw new SettingException(
                            "block size must be from 2 to the model's n_positions: block_size=%d, n_positions=%d"
                                    .formatted(size, context),
                            Setting.BLOCK_SIZE);
                }
            }
            return new Gpt2(
                    model,
                    config,
                    blockSizes.stream().map(size -> Math.min(size, context)).distinct().toList());
        }

        @Override
        public Sizes sizes() {
            return Sizes.of(config);
        }

        @Override
        public String formula() {
            return "6 N B T + 6 L D B T^2, N = matrix_parameters";
        }

        @Override
        public boolean readsSamples() {
            return false;
        }

        @Override
        public Network network(Arm arm, NDManager manager) throws IOException {
            Gpt2Config scaled = config.withScalings(IdentityScalings.of(arm, true));
            return Start.fresh(scaled, Optional.empty(), Optional.empty())
                    .network(scaled, SEED, manager);
        }

        @Override
        public Examples examples(int count, int blockSize, NDManager manager) {
            return new RandomIds(count, blockSize, config.vocabSize());
        }

        /** The defaults of fine-tuning, so that a step does all that a user's does. */
        @Override
        public TrainingSettings settings() {
            return TrainingSettings.DEFAULTS;
        }

        @Override
        public double flops(int batchSize, int blockSize) {
            return StepFlops.of(config, batchSize, blockSize);
        }
    }

    /**
     * The paper's template transformer.
     *
     * @param symbols of the training, one for each sample of a step
     */
    record Transformer(int symbols) implements BenchSubject {

        private static final int STRING = 3;

        /** Symbols that no training sees: two alphabets of 100. */
        private static final int UNSEEN = 200;

        private TemplateTransformer architecture(Arm arm) {
            return TemplateTransformer.base(
                    STRING, symbols + UNSEEN, 1, IdentityScalings.of(arm, false));
        }

        @Override
        public String model() {
            return NetworkKind.TEMPLATE_TRANSFORMER.toString();
        }

        @Override
        public Sizes sizes() {
            return Sizes.of(architecture(Arm.NONE));
        }

        @Override
        public String formula() {
            return "6 per sample and parameter in matrix products, at every position, of the last layer"
                    + " keys and values at every position and the rest at one";
        }

        @Override
        public List<Integer> blockSizes() {
            return List.of(STRING);
        }

        @Override
        public boolean readsSamples() {
            return true;
        }

        @Override
        public Network network(Arm arm, NDManager manager) {
            return SmallNetwork.fresh(architecture(arm), SEED, manager);
        }

        @Override
        public Examples examples(int count, int blockSize, NDManager manager) {
            RandomIds ids = new RandomIds(symbols, blockSize, symbols);
            long[][] rows = new long[symbols][];
            float[] labels = new float[symbols];
            for (int i = 0; i < symbols; i++) {
                rows[i] = ids.row(i);
                labels[i] = i % 2 == 0 ? 1 : -1;
            }
            return ArrayExamples.of(manager, rows, labels);
        }

        /** Adam as the paper's trials have it. */
        @Override
        public TrainingSettings settings() {
            return TrainingSettings.DEFAULTS
                    .withLr(1e-3)
                    .withScalingsLr(1e-3)
                    .withWeightDecay(0)
                    .withClip(0);
        }

        /** Of the last layer what the read-out position needs. */
        @Override
        public double flops(int batchSize, int blockSize) {
            TemplateTransformer network = architecture(Arm.NONE);
            double positions = network.contextLength() + 1.0;
            double projection = (double) network.dim() * network.heads() * network.dimHead();
            double mlp = 2.0 * network.dim() * network.mlpDim();
            double whole = positions * (4 * projection + mlp);
            double last = positions * 2 * projection + 2 * projection + mlp;
            return 6.0 * ((network.depth() - 1) * whole + last) * batchSize;
        }
    }
}
