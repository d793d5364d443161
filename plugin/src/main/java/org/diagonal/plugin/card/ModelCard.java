package org.diagonal.plugin.card;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.diagonal.plugin.finetune.Standing;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Loss;

/**
 * What a GPT-2's folder says of itself to people and to model hubs: {@code README.md}, with Hugging
 * Face's front matter, and with all that another framework needs to apply the scalings.
 *
 * <p>The text depends on these components and on where the training stands alone: not on the time,
 * the place or the machine, so that an interrupted training ends with the same bytes.
 *
 * @param base the model on a hub whose weights training began with, as {@code base_model} takes it
 * @param license of the base, in a hub's words such as {@code mit}
 * @param datasets on a hub that it was trained on
 * @param about a sentence or two: what was trained, on what
 * @param scalings of the network
 * @param settings what was asked for, by name, in the order in which it is shown
 */
public record ModelCard(
        Optional<String> base,
        Optional<String> license,
        List<String> datasets,
        String about,
        IdentityScalings scalings,
        Map<String, String> settings) {

    /** The file's name. */
    public static final String FILE = "README.md";

    private static final String ADAPTER =
            """

            `%s` holds the trained numbers alone, for the base weights with SHA-256
            `%s`; `%s` says how they enter.
            """;

    private static final String HEAD =
            """
            `score.weight`, shape (1, D), reads a real number out of the last position, after `ln_f`, as
            Hugging Face's GPT2ForSequenceClassification with one label does.

            """;

    private static final String NATS =
            "Losses are nats per scored token of the validation examples.\n";

    private static final String SQUARED =
            "Losses are squared errors per string of the validation examples.\n";

    private static final Pattern PLAIN = Pattern.compile("\\w[\\w.-]*(/\\w[\\w.-]*)?");

    /**
     * Copies lists and maps.
     *
     * @throws IllegalArgumentException if a name cannot stand in front matter
     */
    public ModelCard {
        datasets = List.copyOf(datasets);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        List<String> names = new ArrayList<>(datasets);
        base.ifPresent(names::add);
        license.ifPresent(names::add);
        for (String name : names) {
            if (!PLAIN.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "front matter takes names such as owner/name: '" + name + "'");
            }
        }
    }

    /** The whole text. */
    public String text(Loss loss, Optional<Adapter> adapter, Standing standing) {
        StringBuilder text = new StringBuilder();
        frontMatter(text, loss);
        text.append("# ").append(title(loss)).append("\n\n");
        text.append(about).append("\n\n");
        if (loss == Loss.SQUARED_ERROR) {
            text.append(HEAD);
        }
        text.append("## Identity scalings\n\n");
        text.append(new ScalingsSection(scalings).text());
        adapter.ifPresent(
                own ->
                        text.append(
                                ADAPTER.formatted(
                                        Adapter.WEIGHTS,
                                        own.baseSha256().orElse("unknown"),
                                        Adapter.CONFIG)));
        text.append("\n## Results\n\n");
        results(text, loss, standing);
        if (!settings.isEmpty()) {
            text.append("\n## Training\n\n| setting | value |\n|---|---|\n");
            settings.forEach((name, value) -> row(text, "`" + name + "`", value));
        }
        return text.toString();
    }

    private void frontMatter(StringBuilder text, Loss loss) {
        text.append("---\n");
        // Transformers would load a folder with scalings, and compute without them.
        line(text, "library_name", scalings.isNone() ? "transformers" : "diagonal");
        base.ifPresent(name -> line(text, "base_model", name));
        license.ifPresent(name -> line(text, "license", name));
        list(text, "datasets", datasets);
        if (loss == Loss.NATS) {
            line(text, "pipeline_tag", "text-generation");
        }
        List<String> tags = new ArrayList<>(List.of("gpt2"));
        if (!scalings.isNone()) {
            tags.add("identity-scalings");
        }
        list(text, "tags", tags);
        text.append("---\n\n");
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(": ").append(value).append('\n');
    }

    private static void list(StringBuilder text, String key, List<String> values) {
        if (!values.isEmpty()) {
            text.append(key).append(":\n");
            values.forEach(value -> text.append("- ").append(value).append('\n'));
        }
    }

    private String title(Loss loss) {
        boolean qk = scalings.has(Circuit.QK);
        boolean ov = scalings.has(Circuit.OV);
        String where = qk && ov ? "both circuits" : qk ? "the QK circuits" : "the OV circuits";
        String circuits = qk || ov ? " with identity scalings in " + where : "";
        return "GPT-2" + (loss == Loss.SQUARED_ERROR ? " for real labels" : "") + circuits;
    }

    private static void results(StringBuilder text, Loss loss, Standing standing) {
        TrainingState state = standing.state();
        text.append("| | |\n|---|---|\n");
        row(text, "optimizer steps", state.step() + " of " + standing.maxSteps());
        row(text, "input ids seen", Long.toString(state.tokens()));
        row(text, "validation loss", number(standing.validLoss()));
        if (loss == Loss.NATS) {
            OptionalDouble nats = standing.validLoss();
            row(
                    text,
                    "validation perplexity",
                    nats.isPresent()
                            ? number(OptionalDouble.of(Math.exp(nats.getAsDouble())))
                            : number(nats));
        }
        if (state.bestStep() > 0 && state.bestStep() < state.step()) {
            row(
                    text,
                    "best validation loss",
                    "%s, after step %d"
                            .formatted(
                                    number(OptionalDouble.of(state.bestLoss())), state.bestStep()));
        }
        text.append('\n').append(loss == Loss.NATS ? NATS : SQUARED);
    }

    private static String number(OptionalDouble value) {
        return value.isPresent()
                ? String.format(Locale.ROOT, "%.6g", value.getAsDouble())
                : "not measured";
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells).replace("\n", " ")).append(" |\n");
    }
}
