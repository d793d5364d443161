package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.source.TextSource;
import org.diagonal.plugin.card.ModelCard;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * The model card of a run's models. It says what {@code run.json} says, which a run that goes on
 * does not write again: so the card does not depend on how often a run was interrupted.
 */
final class RunCard {

    /** Licenses that a hub knows under the same word in small letters. */
    private static final Set<String> HUB_LICENSES = Set.of("mit", "apache-2.0");

    private RunCard() {}

    /**
     * The card.
     *
     * @param run holds {@code run.json}
     * @param scalings of the run's network
     */
    static ModelCard of(Path run, IdentityScalings scalings) throws IOException {
        RunRecord record = RunRecord.FORM.read(run);
        ObjectNode settings = record.settings();
        Origin origin = record.origin().orElse(Origin.UNKNOWN);
        Map<String, String> shown = new LinkedHashMap<>();
        settings.properties()
                .forEach(entry -> shown.put(entry.getKey(), brief(entry.getValue().asText())));
        return new ModelCard(
                origin.model(),
                origin.license()
                        .map(license -> license.toLowerCase(Locale.ROOT))
                        .filter(HUB_LICENSES::contains),
                origin.dataset().map(List::of).orElse(List.of()),
                about(settings, origin, record.versions()),
                scalings,
                shown);
    }

    private static String about(ObjectNode settings, Origin origin, Map<String, String> versions) {
        String weights =
                switch (settings.path("init").asText()) {
                    case "pretrained" ->
                            "the weights of `%s` (SHA-256 `%s`)"
                                    .formatted(
                                            origin.model()
                                                    .orElse(brief(settings.path("model").asText())),
                                            settings.path("model_sha256").asText());
                    case "mimetic" -> "random weights, made mimetic (%s)".formatted(seed(settings));
                    default -> "random weights (%s)".formatted(seed(settings));
                };
        String data = brief(settings.path("data").asText());
        Optional<String> known = origin.data().filter(name -> !data.startsWith(name));
        String commit = versions.getOrDefault("commit", "");
        return ("Trained by Diagonal %s%s from %s on `%s`%s. What decides the bits of the weights"
                        + " stands below and, with versions, in the run's `run.json`.")
                .formatted(
                        versions.getOrDefault("diagonal", ""),
                        commit.isEmpty() ? "" : " (commit " + commit + ")",
                        weights,
                        data,
                        known.map(name -> " of " + name).orElse(""));
    }

    private static String seed(ObjectNode settings) {
        return "seed " + settings.path("seed").asText();
    }

    /** A path's last name: where a user keeps his files is his own business. */
    private static String brief(String name) {
        String task = name.startsWith(TextSource.TASK) ? TextSource.TASK : "";
        int begin = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
        return task + name.substring(Math.max(task.length(), begin));
    }
}
