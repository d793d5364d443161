package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.option.CatalogueOptions;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diagonal models}: what {@code --model} takes by name. */
@Command(
        name = "models",
        header = "List the models that have names, or download one",
        description = "Lists the models that have names, or says more about some.",
        customSynopsis = "diagonal models [NAME …] [options]",
        footer = {"diagonal models", "diagonal models nano", "diagonal models gpt2 --download"})
public final class ModelsCommand implements Callable<Integer> {

    @Mixin CatalogueOptions wanted;
    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        wanted.check(global.spec, "model");
        return run();
    }

    private int run() throws IOException {
        Hub hub = new Requests(global).hub(Settings.fromEnvironment());
        if (wanted.names.isEmpty()) {
            CatalogueText.models(hub.list(Kind.MODEL), global.out());
            return 0;
        }
        List<Card> cards = wanted.names.stream().map(name -> hub.card(Kind.MODEL, name)).toList();
        for (Card card : cards) {
            if (wanted.download) {
                hub.fetch(card);
            }
        }
        for (int i = 0; i < cards.size(); i++) {
            if (i > 0) {
                global.out().println();
            }
            CatalogueText.details(hub.entry(cards.get(i)), global.out());
        }
        return 0;
    }
}
