package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
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
public final class ModelsCommand implements Callable<Integer> {

    @Mixin CatalogueOptions wanted;
    @Mixin JsonOption json;
    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        wanted.check(global.spec, "model");
        json.check(global.spec, ResultFile.Kind.MODELS);
        return run();
    }

    private int run() throws IOException {
        Hub hub = new Requests(global).hub(Settings.fromEnvironment());
        if (wanted.names.isEmpty()) {
            List<Hub.Entry> all = hub.list(Kind.MODEL);
            json.write("models", CatalogueJson.of(all), global.out());
            CatalogueText.models(all, json.words(global.out()));
            return 0;
        }
        List<Card> cards = wanted.names.stream().map(name -> hub.card(Kind.MODEL, name)).toList();
        for (Card card : cards) {
            if (wanted.download) {
                hub.fetch(card, "");
            }
        }
        List<Hub.Entry> entries = new ArrayList<>();
        PrintWriter words = json.words(global.out());
        for (Card card : cards) {
            if (!entries.isEmpty()) {
                words.println();
            }
            entries.add(hub.entry(card));
            CatalogueText.details(hub.entry(card), words);
        }
        json.write("models", CatalogueJson.of(entries), global.out());
        return 0;
    }
}
