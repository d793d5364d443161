package org.diagonal.eval.hub;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.templates.task.Nearest;

/** The repositories of cards on the hub's server, and the folders of the cache that mirror them. */
record Repository(Settings settings, Download download, Progress progress) {

    private static final int SHOWN_OF_REVISION = 8;

    /** Where the files lie, or will; the revision in its name keeps versions apart. */
    Path folder(Card card) {
        String version =
                card.revision()
                        .map(r -> "-" + r.substring(0, Math.min(r.length(), SHOWN_OF_REVISION)))
                        .orElse("");
        return settings.cache().resolve(card.kind().folder()).resolve(card.name() + version);
    }

    /**
     * The paths in the repository of what the folder lacks; empty when it is whole.
     *
     * @param split beginning of the wanted files' names, empty for all; a model has no splits
     */
    List<String> missing(Card card, String split) throws IOException {
        if (card.kind() == Kind.MODEL) {
            return ModelFiles.missing(folder(card), card);
        }
        List<String> missing = new ArrayList<>();
        for (String path : wanted(card, split)) {
            if (!has(card, path)) {
                missing.add(path);
            }
        }
        return missing;
    }

    private static List<String> wanted(Card card, String split) {
        List<String> wanted =
                card.files().keySet().stream()
                        .filter(path -> fileName(path).startsWith(split))
                        .toList();
        if (wanted.isEmpty()) {
            TreeSet<String> splits = new TreeSet<>();
            card.files().keySet().forEach(path -> splits.add(fileName(path).replaceAll("-.*", "")));
            throw new IllegalArgumentException(
                    Nearest.message("split of " + card.name(), split, splits));
        }
        return wanted;
    }

    /** Whether any file that the card names is there. */
    boolean hasSome(Card card) throws IOException {
        for (String path : card.files().keySet()) {
            if (has(card, path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a file that the card names is there. */
    boolean has(Card card, String path) throws IOException {
        return card.pin(path).fits(folder(card).resolve(fileName(path)));
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Brings what the folder lacks.
     *
     * @throws Unreachable if there is no network, naming what to put where by hand
     */
    void fetch(Card card, String split) throws IOException {
        List<String> missing = missing(card, split);
        if (missing.isEmpty()) {
            return;
        }
        if (settings.offline()) {
            String why = "the network is switched off (HF_HUB_OFFLINE)";
            throw new Unreachable(byHand(card, missing, why));
        }
        CacheFolder.create(folder(card));
        try {
            if (card.kind() == Kind.MODEL) {
                model(card);
            } else {
                for (String path : missing) {
                    file(card, path);
                }
            }
        } catch (Unreachable e) {
            String why = settings.endpoint() + " cannot be reached (" + e.getMessage() + ")";
            throw new Unreachable(byHand(card, missing(card, split), why), e);
        }
    }

    private String byHand(Card card, List<String> missing, String why) {
        return String.format(
                "%s %s is not in the cache and %s: put %s of %s/tree/%s into %s",
                card.kind().word(),
                card.name(),
                why,
                String.join(" and ", missing),
                address(card),
                revision(card),
                folder(card));
    }

    /** The weights come last, so that a folder with weights has all that goes with them. */
    private void model(Card card) throws IOException {
        Path folder = folder(card);
        file(card, ModelFiles.CONFIG);
        if (!ModelFiles.missingTokenizer(folder, card).isEmpty()
                && !fileIfAny(card, ModelFiles.TOKENIZER)) {
            for (String name : ModelFiles.OLD_TOKENIZER) {
                file(card, name);
            }
        }
        fileIfAny(card, ModelFiles.GENERATION);
        if (!ModelFiles.missingWeights(folder, card).isEmpty()
                && !fileIfAny(card, ModelFiles.WEIGHTS)) {
            file(card, ModelFiles.INDEX);
            for (String shard : ModelFiles.shards(folder.resolve(ModelFiles.INDEX))) {
                file(card, shard);
            }
        }
    }

    private boolean fileIfAny(Card card, String path) throws IOException {
        try {
            file(card, path);
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private void file(Card card, String path) throws IOException {
        URI url = URI.create(address(card) + "/resolve/" + revision(card) + "/" + path);
        download.fetch(url, folder(card).resolve(fileName(path)), card.pin(path), progress);
    }

    /** The repository's page. */
    String address(Card card) {
        String prefix = card.kind() == Kind.DATA ? "/datasets/" : "/";
        return settings.endpoint() + prefix + card.source().orElseThrow();
    }

    private static String revision(Card card) {
        return card.revision().orElse("main");
    }
}
