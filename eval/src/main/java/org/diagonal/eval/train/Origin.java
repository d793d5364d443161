package org.diagonal.eval.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Hub;

/**
 * What is publicly known of a run's model and text, as model hubs want to be told and {@code
 * run.json} keeps it.
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

    /** Nothing is known, as of runs of version 1. */
    static final Origin UNKNOWN =
            new Origin(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Looks up what a training begins with and learns from. */
    static Origin of(Hub hub, Start start, TrainingData data) throws IOException {
        Optional<Card> model =
                start.random() || start.model().isEmpty()
                        ? Optional.empty()
                        : hub.owner(Card.Kind.MODEL, start.model().get().folder());
        Optional<String> name = model.map(Origin::published);
        Optional<String> license = model.map(Card::license);
        if (!(data instanceof TextData text)) {
            return new Origin(name, license, Optional.empty(), Optional.empty());
        }
        String words = text.train().name();
        if (words.startsWith(Hub.EUROPARL)) {
            Optional<String> europarl = Optional.of(Hub.EUROPARL);
            return new Origin(name, license, europarl, europarl);
        }
        Optional<Card> source = hub.owner(Card.Kind.DATA, Path.of(words));
        return new Origin(name, license, source.map(Origin::published), source.map(Card::name));
    }

    /** A hub's name, where one has it. */
    private static String published(Card card) {
        return card.source().orElse(card.name());
    }
}
