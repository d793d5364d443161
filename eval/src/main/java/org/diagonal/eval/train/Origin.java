package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Hub;

/**
 * What is publicly known of a run's model and text, as model hubs want to be told.
 *
 * @param model whose weights training began with: a hub's name, or that of a bundled model
 * @param license of those weights
 * @param dataset a hub's name, or that of the bundled text
 * @param data what this program calls the text
 */
record Origin(
        Optional<String> model,
        Optional<String> license,
        Optional<String> dataset,
        Optional<String> data) {

    /** Looks up what a training begins with and learns from. */
    static Origin of(Hub hub, Start start, TrainingData data) throws IOException {
        Optional<Card> model =
                start.random() || start.model().isEmpty()
                        ? Optional.empty()
                        : hub.owner(Card.Kind.MODEL, start.model().get().folder());
        Optional<String> name = model.map(card -> card.source().orElse(card.name()));
        if (data instanceof TextData text) {
            String words = text.train().name();
            if (words.startsWith(Hub.EUROPARL)) {
                return new Origin(
                        name,
                        model.map(Card::license),
                        Optional.of(Hub.EUROPARL),
                        Optional.of(Hub.EUROPARL));
            }
            Optional<Card> source = hub.owner(Card.Kind.DATA, Path.of(words));
            return new Origin(
                    name,
                    model.map(Card::license),
                    source.map(card -> card.source().orElse(card.name())),
                    source.map(Card::name));
        }
        return new Origin(name, model.map(Card::license), Optional.empty(), Optional.empty());
    }

    /** Reads what {@link #json} wrote; nothing is known where it is not there. */
    static Origin of(JsonNode node) {
        return new Origin(
                text(node, "model"),
                text(node, "license"),
                text(node, "dataset"),
                text(node, "data"));
    }

    private static Optional<String> text(JsonNode node, String key) {
        return Optional.ofNullable(node.path(key).textValue());
    }

    /** What {@code run.json} keeps. */
    ObjectNode json() {
        ObjectNode node = RunRecord.settings();
        model.ifPresent(value -> node.put("model", value));
        license.ifPresent(value -> node.put("license", value));
        dataset.ifPresent(value -> node.put("dataset", value));
        data.ifPresent(value -> node.put("data", value));
        return node;
    }
}
