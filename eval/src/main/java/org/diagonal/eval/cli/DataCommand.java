package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.listing.CatalogueJson;
import org.diagonal.eval.cli.listing.CatalogueText;
import org.diagonal.eval.cli.option.CatalogueOptions;
import org.diagonal.eval.cli.option.JsonOption;
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
        header = "List the texts known by name, or download one",
        description = "Lists the texts known by name, or shows details of some.",
        customSynopsis = "diagonal data [NAME …] [options]",
        footer = {
            "diagonal data",
            "diagonal data europarl",
            "diagonal data wikitext-2-raw --download"
        })
public final class DataCommand extends Action {

    @Mixin CatalogueOptions wanted;
    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        wanted.check(global, "text");
        json.check(global, ResultFile.Kind.DATA);
        Hub hub = new Requests(global).hub(Settings.fromEnvironment());
        if (wanted.names.isEmpty()) {
            List<Hub.Entry> all = hub.list(Kind.DATA);
            List<Object> entries = new ArrayList<>(List.of(CatalogueJson.europarl()));
            entries.addAll(CatalogueJson.of(all));
            json.write("data", entries);
            CatalogueText.texts(all, json.words());
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
        List<Object> entries = new ArrayList<>();
        PrintWriter words = json.words();
        for (TextSource text : texts) {
            if (!entries.isEmpty()) {
                words.println();
            }
            Optional<Card> card = card(hub, text);
            if (card.isPresent()) {
                entries.addAll(CatalogueJson.of(List.of(hub.entry(card.get()))));
                CatalogueText.details(hub.entry(card.get()), words);
            } else {
                entries.add(CatalogueJson.europarl());
                CatalogueText.europarl(words);
            }
        }
        json.write("data", entries);
        return 0;
    }

    /** Empty for the text that is in no folder. */
    private static Optional<Card> card(Hub hub, TextSource text) {
        return text.name().equals(Hub.EUROPARL)
                ? Optional.empty()
                : Optional.of(hub.card(Kind.DATA, text.name()));
    }
}
