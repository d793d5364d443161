package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diagonal models}: what {@code --model} takes by name. */
@Command(
        name = "models",
        header = "List the models known by name, or download one",
        description = "Lists the models known by name, or shows details of some.",
        customSynopsis = "diagonal models [NAME …] [options]",
        footer = {"diagonal models", "diagonal models nano", "diagonal models gpt2 --download"})
public final class ModelsCommand extends Action {

    @Mixin CatalogueOptions wanted;
    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        wanted.check(global, "model");
        json.check(global, ResultFile.Kind.MODELS);
        Hub hub = new Requests(global).hub(Settings.fromEnvironment());
        if (wanted.names.isEmpty()) {
            List<Hub.Entry> all = hub.list(Kind.MODEL);
            json.write("models", CatalogueJson.of(all));
            CatalogueText.models(all, json.words());
            return 0;
        }
        List<Card> cards = wanted.names.stream().map(name -> hub.card(Kind.MODEL, name)).toList();
        for (Card card : cards) {
            if (wanted.download) {
                hub.fetch(card, "");
            }
        }
        List<Hub.Entry> entries = new ArrayList<>();
        PrintWriter words = json.words();
        for (Card card : cards) {
            if (!entries.isEmpty()) {
                words.println();
            }
            entries.add(hub.entry(card));
            CatalogueText.details(hub.entry(card), words);
        }
        json.write("models", CatalogueJson.of(entries));
        return 0;
    }
}
