package org.diagonal.eval.trial;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.files.Sha256;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.templates.alphabet.SymbolKind;

/**
 * One training of a curve: everything that decides its result, and nothing else.
 *
 * @param task what is learned
 * @param network what learns it
 * @param arm its identity scalings, or a control
 * @param n training samples
 * @param seed of samples, initial weights and batches; arms with the same seed and n share samples
 * @param training how it is trained
 * @param samples alphabets, and samples of validation and test
 * @param testTask what it is measured on, if that is another task than it learns; absent where it
 *     is the same, without which older trials would change names
 */
public record Trial(
        Task task,
        Network network,
        Arm arm,
        int n,
        long seed,
        Training training,
        Samples samples,
        Optional<Task> testTask) {

    /** The version of the configuration: a new one for what moves results beyond rounding. */
    public static final int VERSION = 2;

    private static final int HASH_DIGITS = 16;

    /**
     * A template task.
     *
     * @param name in the catalogue, or the path of the file as the user gave it
     * @param sha256 of what it says
     * @param labels what it asks for
     * @param text its task file, which a trial takes along to where it runs; not part of the
     *     configuration, whose hash decides; absent where the name alone is known
     */
    public record Task(String name, String sha256, Labels labels, Optional<String> text) {

        /** Refuses blank words. */
        public Task {
            if (name.isBlank() || sha256.isBlank()) {
                throw new IllegalArgumentException(
                        "a task needs name and hash: name='%s', sha256='%s'"
                                .formatted(name, sha256));
            }
        }

        /** The same task with its text. */
        Task withText(Optional<String> other) {
            return new Task(name, sha256, labels, other);
        }

        /** What its trials' figures are: {@code test loss}, or {@code test error} of symbols. */
        public String metric() {
            return labels == Labels.REAL ? "test loss" : "test error";
        }

        @JsonValue
        TaskKeys keys() {
            return new TaskKeys(name, sha256, labels);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Task of(TaskKeys keys) {
            return new Task(keys.name, keys.sha256, keys.labels, Optional.empty());
        }
    }

    /** A task as files hold it. */
    record TaskKeys(String name, String sha256, Labels labels) {}

    /**
     * Where a GPT-2 comes from.
     *
     * @param name of the model, for people
     * @param sha256 of its weights, or of its configuration where weights are drawn
     * @param pretrained whether its weights are where training starts
     * @param symbols of the vocabulary that the task's strings are made of
     */
    public record Weights(String name, String sha256, boolean pretrained, SymbolKind symbols) {}

    /**
     * A network.
     *
     * @param sizes by their names, all that its kind has
     * @param weights of a GPT-2, and of no other kind
     * @param mimetic what is done to the heads of drawn weights, if anything
     */
    public record Network(
            NetworkKind kind,
            SortedMap<String, Integer> sizes,
            Optional<Weights> weights,
            Optional<Mimetic> mimetic) {

        /** Copies the sizes, and refuses others than the kind has. */
        public Network {
            sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
            if (!sizes.keySet().equals(kind.sizes().keySet())) {
                throw new IllegalArgumentException(
                        "the sizes of %s are %s, found %s"
                                .formatted(kind, kind.sizes().keySet(), sizes.keySet()));
            }
            sizes.forEach((name, value) -> atLeast(name, value, 1));
            if (weights.isPresent() != (kind == NetworkKind.GPT2)) {
                throw new IllegalArgumentException("weights belong to gpt2 alone: network=" + kind);
            }
            boolean pretrained = weights.isPresent() && weights.get().pretrained();
            if (mimetic.isPresent() && (pretrained || !kind.hasHeads())) {
                throw new IllegalArgumentException(
                        "mimetic weights need heads that are drawn: network=%s, pretrained=%s"
                                .formatted(kind, pretrained));
            }
        }

        @JsonValue
        NetworkKeys keys() {
            return NetworkKeys.of(this);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Network of(NetworkKeys keys) {
            return keys.network();
        }

        /** The kind, or the name of a GPT-2. */
        public String name() {
            return weights.map(Weights::name).orElseGet(kind::toString);
        }
    }

    /**
     * Adam without decay, at constant rates.
     *
     * @param epochs passes over the n samples; the best on validation counts
     * @param batchSize samples a step, at most
     * @param lr learning rate of weights
     * @param scalingsLr learning rate of the identity scalings
     * @param products precision of the operands of products; absent for float32, without which
     *     older trials would change names
     */
    public record Training(
            int epochs,
            int batchSize,
            double lr,
            double scalingsLr,
            @JsonProperty("precision") Optional<Precision> products) {

        /** Refuses what is no training. */
        public Training {
            products = products.filter(precision -> precision != Precision.F32);
            atLeast("epochs", epochs, 1);
            atLeast("batch_size", batchSize, 1);
            rate("lr", lr);
            rate("scalings_lr", scalingsLr);
        }

        /** A training with products in a precision. */
        public Training(
                int epochs, int batchSize, double lr, double scalingsLr, Precision precision) {
            this(epochs, batchSize, lr, scalingsLr, Optional.of(precision));
        }

        /** The precision of the operands of products. */
        public Precision precision() {
            return products.orElse(Precision.F32);
        }

        /** The same with another learning rate of the scalings. */
        public Training withScalingsLr(double other) {
            return new Training(epochs, batchSize, lr, other, products);
        }

        private static void rate(String name, double value) {
            if (!Double.isFinite(value) || value < 0) {
                throw new IllegalArgumentException(
                        name + " must be finite and not negative: " + value);
            }
        }
    }

    /**
     * What is drawn beside the n training samples. The three alphabets are disjoint.
     *
     * @param trainAlphabet symbols of the training alphabet; the paper has n
     * @param valid validation samples
     * @param validAlphabet symbols of theirs
     * @param test test samples: as many on unseen symbols as on seen ones
     * @param testAlphabet symbols of the unseen ones
     */
    public record Samples(
            int trainAlphabet, int valid, int validAlphabet, int test, int testAlphabet) {

        /** Refuses counts below 1. */
        public Samples {
            atLeast("train_alphabet", trainAlphabet, 1);
            atLeast("valid", valid, 1);
            atLeast("valid_alphabet", validAlphabet, 1);
            atLeast("test", test, 1);
            atLeast("test_alphabet", testAlphabet, 1);
        }
    }

    /** The same trial with another number of passes over its samples. */
    public Trial withEpochs(int epochs) {
        Training other =
                new Training(
                        epochs,
                        training.batchSize,
                        training.lr,
                        training.scalingsLr,
                        training.products);
        return new Trial(task, network, arm, n, seed, other, samples, testTask);
    }

    /** The same trial measured on another task. */
    public Trial testedOn(Optional<Task> other) {
        return with(task, other);
    }

    private Trial with(Task learned, Optional<Task> tested) {
        return new Trial(learned, network, arm, n, seed, training, samples, tested);
    }

    /** Optimizer steps of a pass over the samples; the last may be of fewer. */
    public int stepsPerEpoch() {
        return 1 + (n - 1) / training.batchSize;
    }

    /** What it is measured on. */
    public Task tested() {
        return testTask.orElse(task);
    }

    /** Refuses a training without samples, and scalings where there is no head. */
    public Trial {
        atLeast("n", n, 1);
        boolean needsHeads = !arm.equals(Arm.NONE) && !arm.equals(Arm.HEAD);
        if (needsHeads && !network.kind().hasHeads()) {
            throw new IllegalArgumentException(
                    "%s has no heads for identity scalings: arm=%s".formatted(network.kind(), arm));
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be " + least + " or more: " + value);
        }
    }

    /** The configuration as JSON; for the same network always the same keys in the same order. */
    public ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", VERSION);
        root.setAll(Records.tree(this));
        return root;
    }

    /**
     * Reads {@link #json()}.
     *
     * @param text the task's, if it came along
     * @param testText that of the task that it is measured on
     * @throws IllegalArgumentException in one line, if it is no trial of this version
     */
    public static Trial parse(ObjectNode json, Optional<String> text, Optional<String> testText) {
        ObjectNode keys = json.deepCopy();
        JsonNode version = keys.remove("version");
        if (version == null || !version.isInt() || version.asInt() != VERSION) {
            throw new IllegalArgumentException(
                    "key version: expected a trial of version %d, found %s"
                            .formatted(VERSION, version == null ? "none" : version));
        }
        Trial read = Records.read(keys, Trial.class);
        return read.with(
                read.task.withText(text), read.testTask.map(tested -> tested.withText(testText)));
    }

    /** The first 64 bits of the SHA-256 of {@link #json()} without spaces, in hexadecimal. */
    public String hash() {
        return Sha256.of(json().toString()).substring(0, HASH_DIGITS);
    }

    /** For messages: {@code aba-abb, template-transformer, qk, n=64, seed 42}. */
    public String words() {
        return "%s, %s, %s, n=%d, seed %d%s"
                .formatted(
                        task.name,
                        network.name(),
                        arm,
                        n,
                        seed,
                        testTask.map(tested -> ", tested on " + tested.name).orElse(""));
    }
}
