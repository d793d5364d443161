package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.option.CatalogueOptions;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.source.TextSource;
import org.diagonal.wikitext.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diagonal data}: what {@code --data} takes by name. */
@Command(
        name = "data",
        header = "List the texts that have names, or download one",
        description = "Lists the texts that have names, or says more about some.",
        customSynopsis = "diagonal data [NAME …] [options]",
        footer = {
            "diagonal data",
            "diagonal data europarl",
            "diagonal data wikitext-2-raw --download"
        })
public final class DataCommand implements Callable<Integer> {

    @Mixin CatalogueOptions wanted;
    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        wanted.check(global.spec, "text");
        return run();
    }

    private int run() throws IOException {
        Hub hub = new Requests(global).hub(Settings.fromEnvironment());
        if (wanted.names.isEmpty()) {
            CatalogueText.texts(hub.list(Kind.DATA), global.out());
            return 0;
        }
        List<TextSource> texts = wanted.names.stream().map(TextSource::parse).toList();
        texts.forEach(text -> card(hub, text));
        for (TextSource text : texts) {
            Optional<Card> card = card(hub, text);
            if (wanted.download && card.isPresent()) {
                hub.fetch(card.get(), text.split().map(Split::toString).orElse(""));
            }
        }
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                global.out().println();
            }
            Optional<Card> card = card(hub, texts.get(i));
            if (card.isPresent()) {
                CatalogueText.details(hub.entry(card.get()), global.out());
            } else {
                CatalogueText.europarl(global.out());
            }
        }
        return 0;
    }

    /** Empty for the text that is in no folder. */
    private static Optional<Card> card(Hub hub, TextSource text) {
        return text.name().equals(Hub.EUROPARL)
                ? Optional.empty()
                : Optional.of(hub.card(Kind.DATA, text.name()));
    }
}
