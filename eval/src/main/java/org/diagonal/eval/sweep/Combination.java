package org.diagonal.eval.sweep;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.templates.alphabet.SymbolKind;
import org.diagonal.templates.catalogue.Catalogue;

/**
 * One value of every axis, and the trial that follows from them for each seed. What no axis says
 * has the values of a curve, so that the same settings are the same trial.
 *
 * @param at the values of the grid's axes, in their order
 * @param all these, the shared ones and the tied ones
 */
record Combination(Map<Axis, String> at, Map<Axis, String> all) {

    private static final String RANDOM = "random-templates";
    private static final String MIMETIC = "mimetic";

    /** Tasks that were read before, by what names them. */
    static final class Tasks {
        private final Map<String, Trial.Task> known = new LinkedHashMap<>();

        Trial.Task of(String name) throws IOException {
            Trial.Task task = known.get(name);
            if (task == null) {
                org.diagonal.templates.task.Task read = Catalogue.task(name);
                // A file is known by the name that it gives itself: paths differ by machine.
                task = TemplateTrials.task(read.name(), read);
                known.put(name, task);
            }
            return task;
        }
    }

    /** Copies; keeps the orders. */
    Combination {
        at = Collections.unmodifiableMap(new LinkedHashMap<>(at));
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    NetworkKind kind() {
        return NetworkKind.parse(word(Axis.NETWORK, NetworkKind.TEMPLATE_TRANSFORMER.toString()))
                .orElse(NetworkKind.GPT2);
    }

    Arm arm() {
        return Arm.named(word(Axis.ARMS, "none"));
    }

    private String word(Axis axis, String otherwise) {
        return all.getOrDefault(axis, otherwise);
    }

    private int count(Axis axis, int otherwise) {
        return all.containsKey(axis) ? Integer.parseInt(all.get(axis)) : otherwise;
    }

    private double real(Axis axis, double otherwise) {
        return all.containsKey(axis) ? Double.parseDouble(all.get(axis)) : otherwise;
    }

    private String required(Axis axis) {
        String value = all.get(axis);
        if (value == null) {
            throw new IllegalArgumentException(axis + " is neither in base nor in grid");
        }
        return value;
    }

    /**
     * The trial of a seed.
     *
     * @throws IllegalArgumentException if there is no such training, or none could draw its task
     */
    Trial trial(long seed, SweepJob.Models models, Tasks tasks) throws IOException {
        int n = Integer.parseInt(required(Axis.N));
        Trial trial =
                new Trial(
                        tasks.of(taskName(seed)),
                        network(models),
                        arm(),
                        n,
                        seed,
                        training(),
                        new Trial.Samples(
                                count(Axis.TRAIN_ALPHABET, n),
                                count(Axis.VALID_N, 100),
                                count(Axis.VALID_ALPHABET, 100),
                                count(Axis.TEST_N, 100),
                                count(Axis.TEST_ALPHABET, 100)),
                        all.containsKey(Axis.TEST_DATA)
                                ? Optional.of(
                                        tasks.of(
                                                all.get(Axis.TEST_DATA).replaceFirst("^task:", "")))
                                : Optional.empty());
        TemplateTrials.requireFit(trial);
        return trial;
    }

    /** Random templates are other ones for every seed, unless the name has a seed of its own. */
    private String taskName(long seed) {
        String name = required(Axis.TASK);
        boolean random = name.equals(RANDOM) || name.startsWith(RANDOM + ":");
        StringBuilder words = new StringBuilder(name);
        for (Axis axis : Axis.OF_TEMPLATES) {
            if (all.containsKey(axis)) {
                if (!random) {
                    throw new IllegalArgumentException(
                            "%s is for the task %s, not for %s".formatted(axis, RANDOM, name));
                }
                String key = axis == Axis.REGULAR_TOKENS ? "tokens" : axis.toString();
                parameter(words, key, all.get(axis));
            }
        }
        if (random && !name.matches(".*[:,]seed=.*")) {
            parameter(words, "seed", Long.toString(seed));
        }
        return words.toString();
    }

    private static void parameter(StringBuilder words, String key, String value) {
        words.append(words.indexOf(":") < 0 ? ":" : ",").append(key).append('=').append(value);
    }

    private Trial.Network network(SweepJob.Models models) throws IOException {
        NetworkKind kind = kind();
        SortedMap<String, Integer> sizes = new TreeMap<>(kind.sizes());
        for (Axis size : Axis.SIZES) {
            String name = size.toString().replace('-', '_');
            boolean own = sizes.containsKey(name);
            if (own && all.containsKey(size)) {
                sizes.put(name, Integer.valueOf(all.get(size)));
            } else if (at.containsKey(size)
                    || (all.containsKey(size) && !at.containsKey(Axis.NETWORK))) {
                throw new IllegalArgumentException(
                        "%s has no %s; its sizes are %s".formatted(kind, size, sizes.keySet()));
            }
        }
        String init = word(Axis.INIT, kind == NetworkKind.GPT2 ? "pretrained" : "random");
        if (init.equals("pretrained") && kind != NetworkKind.GPT2) {
            throw new IllegalArgumentException(
                    "init: only a GPT-2 is pretrained, and network is " + kind);
        }
        if (all.containsKey(Axis.SYMBOLS) && kind != NetworkKind.GPT2) {
            throw new IllegalArgumentException(
                    "symbols are for a GPT-2, which has words, and network is " + kind);
        }
        Optional<Trial.Weights> weights = Optional.empty();
        if (kind == NetworkKind.GPT2) {
            String symbols = word(Axis.SYMBOLS, "words").toUpperCase(Locale.ROOT);
            weights =
                    Optional.of(
                            models.weights(
                                    required(Axis.NETWORK),
                                    init.equals("pretrained"),
                                    SymbolKind.valueOf(symbols)));
        }
        return new Trial.Network(kind, sizes, weights, mimetic(init));
    }

    private Optional<Mimetic> mimetic(String init) {
        if (init.equals(MIMETIC)) {
            return Optional.of(
                    new Mimetic(
                            Double.parseDouble(required(Axis.ALPHA)),
                            Double.parseDouble(required(Axis.BETA))));
        }
        boolean asked = all.containsKey(Axis.ALPHA) || all.containsKey(Axis.BETA);
        if (asked && !at.containsKey(Axis.INIT)) {
            throw new IllegalArgumentException("alpha and beta are for init: mimetic");
        }
        return Optional.empty();
    }

    private Trial.Training training() {
        double lr = real(Axis.LR, kind().learningRate());
        // Without scalings their rate decides nothing, so it must not tell trials apart.
        double scalingsLr =
                arm().equals(Arm.NONE)
                        ? lr
                        : real(Axis.SCALINGS_LR, kind().scalingsLearningRate(lr));
        return new Trial.Training(
                count(Axis.EPOCHS, 1000),
                count(Axis.BATCH_SIZE, 1024),
                lr,
                scalingsLr,
                Precision.of(word(Axis.PRECISION, "f32")));
    }
}
