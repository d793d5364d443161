package org.diagonal.eval.ablate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.record.OneLine;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;

/**
 * {@code ablate.json}: a model measured with its scalings multiplied by several factors, and with
 * each taken away or left alone.
 *
 * @param version of the file's form
 * @param model whose scalings
 * @param text what it was measured on, if that is a text
 * @param task what it was measured on, if that is a template task
 * @param trained the model as it is
 * @param plain the model with all scalings zero
 * @param plainAgainstTrained what that changes
 * @param doses by curve and factor
 * @param heads one for each scaling, by circuit, layer and head
 * @param versions what measured
 */
public record Ablation(
        int version,
        Model model,
        Optional<OnText> text,
        Optional<OnTask> task,
        Scores trained,
        Scores plain,
        Change plainAgainstTrained,
        @JsonSerialize(contentUsing = OneLine.class) List<Dose> doses,
        @JsonSerialize(contentUsing = OneLine.class) List<Single> heads,
        Map<String, String> versions) {

    /** The form of the file. */
    public static final Form<Ablation> FORM =
            Form.of("ablate.json", Ablation.class, 1, Map.of()).withListsInLines();

    /** Copies the lists; refuses what is not whole. */
    public Ablation {
        doses = List.copyOf(doses);
        heads = List.copyOf(heads);
        if (text.isPresent() == task.isPresent()) {
            throw new IllegalArgumentException("an ablation is on a text, or on a task");
        }
        requireHeads(model, heads);
        requireDoses(doses);
        Stream<Scores> all =
                Stream.of(
                                Stream.of(trained, plain),
                                doses.stream().map(Dose::scores),
                                heads.stream().map(Single::without),
                                heads.stream().map(Single::alone))
                        .flatMap(scores -> scores);
        boolean onTask = task.isPresent();
        if (!all.allMatch(scores -> scores.isOn(onTask))) {
            throw new IllegalArgumentException(
                    onTask
                            ? "measurements on a task have accuracies, and no perplexity"
                            : "measurements on a text have a perplexity, and no accuracies");
        }
    }

    /** Every head once for each circuit that has scalings. */
    private static void requireHeads(Model model, List<Single> heads) {
        long places = (long) model.layers * model.heads;
        Set<List<Object>> found = new HashSet<>();
        Set<Circuit> circuits = EnumSet.noneOf(Circuit.class);
        for (Single one : heads) {
            if (one.layer < 0 || one.layer >= model.layers) {
                throw new IllegalArgumentException("there is no layer " + one.layer);
            }
            if (one.head < 0 || one.head >= model.heads) {
                throw new IllegalArgumentException("there is no head " + one.head);
            }
            found.add(List.of(one.circuit, one.layer, one.head));
            circuits.add(one.circuit);
        }
        if (heads.isEmpty()
                || found.size() != heads.size()
                || heads.size() != places * circuits.size()) {
            throw new IllegalArgumentException(
                    "an ablation has each of %d heads once a circuit: found %d"
                            .formatted(places, heads.size()));
        }
    }

    /** Every curve with the same factors. */
    private static void requireDoses(List<Dose> doses) {
        Map<Curve, List<Double>> factors = new EnumMap<>(Curve.class);
        for (Dose dose : doses) {
            factors.computeIfAbsent(dose.curve, any -> new ArrayList<>()).add(dose.t);
        }
        if (Set.copyOf(factors.values()).size() != 1) {
            throw new IllegalArgumentException(
                    "an ablation has doses, of the same t in each curve");
        }
    }

    /**
     * A model.
     *
     * @param name what the user called it, with its adapter and step
     * @param sha256 of the weights
     * @param adapterSha256 of the adapter's scalings, if it has one
     * @param layers L
     * @param heads H in each layer
     */
    public record Model(
            String name,
            String sha256,
            Optional<String> adapterSha256,
            @JsonProperty("n_layer") int layers,
            @JsonProperty("n_head") int heads) {

        /**
         * Reads what files say of a GPT-2.
         *
         * @throws IllegalArgumentException if it has no scalings
         */
        static Model of(ModelSource source) throws IOException {
            Gpt2Config config = source.config();
            if (config.scalings().isNone()) {
                throw withoutScalings(source.name());
            }
            return new Model(
                    source.measured().title(),
                    source.sha256(),
                    source.adapterSha256(),
                    config.nLayer(),
                    config.nHead());
        }

        static SettingException withoutScalings(String name) {
            return new SettingException(
                    name + " has no scalings that could be taken away", Setting.MODEL);
        }

        /** Whether weights and scalings are the same, whatever the model is called. */
        boolean isSame(Model other) {
            return sha256.equals(other.sha256) && adapterSha256.equals(other.adapterSha256);
        }
    }

    /**
     * A text and how perplexity was measured on it.
     *
     * @param unit what intervals are over: {@code articles} or {@code segments}
     * @param units how many of them
     */
    public record OnText(
            String protocol,
            int blockSize,
            OptionalInt stride,
            String data,
            @JsonProperty("data_sha256") String dataSha256,
            @JsonProperty("tokenizer_sha256") String tokenizerSha256,
            String precision,
            long targets,
            String unit,
            int units) {}

    /**
     * A template task and the strings that were drawn of it.
     *
     * @param alphabets symbols to train, validate and test with
     */
    public record OnTask(
            String task,
            @JsonProperty("task_sha256") String taskSha256,
            String labels,
            int samples,
            @JsonProperty("samples_sha256") String samplesSha256,
            String symbols,
            List<Integer> alphabets,
            long dataSeed,
            String precision) {}

    /**
     * What a measurement gave.
     *
     * @param loss nats a token of a text; on unseen symbols of a task, nats or squared error
     * @param perplexity of a text
     * @param accuracy on unseen symbols of a task
     * @param seenAccuracy on symbols of the training
     */
    public record Scores(
            double loss,
            OptionalDouble perplexity,
            OptionalDouble accuracy,
            OptionalDouble seenAccuracy) {

        /** Refuses what is not finite. */
        public Scores {
            requireFinite("loss", loss);
            requireFinite("perplexity", perplexity.orElse(1));
            requireFinite("accuracy", accuracy.orElse(0));
            requireFinite("seen_accuracy", seenAccuracy.orElse(0));
        }

        private boolean isOn(boolean task) {
            return perplexity.isPresent() != task
                    && accuracy.isPresent() == task
                    && seenAccuracy.isPresent() == task;
        }
    }

    /**
     * What one measurement changes against another, paired by article or string.
     *
     * @param value the ratio of perplexities, or the difference of accuracies on unseen symbols
     * @param ci95 its interval over articles or strings; of this one model, not of other trainings
     */
    public record Change(double value, Interval ci95) {

        /** Refuses what is not finite. */
        public Change {
            requireFinite("value", value);
            requireFinite("ci95", ci95.low());
            requireFinite("ci95", ci95.high());
        }
    }

    /** What is multiplied along a curve. */
    public enum Curve {
        /** Every a. */
        QK,
        /** Every b. */
        OV,
        /** Every a and every b. */
        BOTH;

        /** The arm whose scalings they are, which has the same name. */
        Arm arm() {
            return Arm.named(name().toLowerCase(Locale.ROOT));
        }

        /** For people: {@code a}, {@code b} or {@code a and b}. */
        String letters() {
            return Stream.of(Circuit.values())
                    .filter(arm()::has)
                    .map(Circuit::letter)
                    .collect(Collectors.joining(" and "));
        }
    }

    /**
     * The model with scalings multiplied.
     *
     * @param t the factor
     */
    public record Dose(Curve curve, double t, Scores scores, Change againstTrained) {

        /** Refuses a factor that is not finite. */
        public Dose {
            requireFinite("t", t);
        }
    }

    /**
     * One scaling.
     *
     * @param learned a or b of the head, as trained
     * @param without the model without this scaling
     * @param alone the model without all others, of both circuits
     */
    public record Single(
            Circuit circuit,
            int layer,
            int head,
            double learned,
            Scores without,
            Change withoutAgainstTrained,
            Scores alone,
            Change aloneAgainstTrained,
            Change aloneAgainstPlain) {

        /** Refuses a scaling that is not finite. */
        public Single {
            requireFinite("learned", learned);
        }

        /** The head. */
        public Head place() {
            return new Head(layer, head);
        }

        /** For people: {@code a of 0.1}. */
        String name() {
            return circuit.letter() + " of " + place();
        }
    }

    private static void requireFinite(String key, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(key + " must be finite: " + value);
        }
    }

    /** Whether the model was measured on a task. */
    boolean isTask() {
        return task.isPresent();
    }

    /** The text or the task, for people. */
    String data() {
        return text.map(OnText::data).orElseGet(() -> task.orElseThrow().task());
    }

    /** How many articles or strings intervals are over, in words. */
    String units() {
        int count = text.map(OnText::units).orElseGet(() -> task.orElseThrow().samples());
        return String.format(
                Locale.ROOT, "%,d %s", count, text.map(OnText::unit).orElse("strings"));
    }

    /** The scalings, those first that do most without any other, by the loss. */
    List<Single> byLossAlone() {
        return heads.stream().sorted(Comparator.comparingDouble(one -> one.alone.loss)).toList();
    }

    /** The scalings, those first that are missed most, by the loss. */
    List<Single> byLossWithout() {
        return heads.stream().sorted(Comparator.comparingDouble(one -> -one.without.loss)).toList();
    }

    /** The doses of a curve, by factor; empty if the model has not what it multiplies. */
    List<Dose> of(Curve curve) {
        return doses.stream().filter(dose -> dose.curve == curve).toList();
    }

    /** The factors of every curve. */
    List<Double> factors() {
        return of(doses.get(0).curve).stream().map(Dose::t).toList();
    }

    /** The scalings of a circuit, by layer and head. */
    List<Single> of(Circuit circuit) {
        return heads.stream().filter(one -> one.circuit == circuit).toList();
    }
}
