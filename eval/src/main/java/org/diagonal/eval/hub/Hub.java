package org.diagonal.eval.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.hub.Card.Kind;

/**
 * From the name of a model or a data set to a local folder with its files.
 *
 * <p>{@code locate} only looks, {@code fetch} brings what is missing; {@link #model} and {@link
 * #data} take what a user wrote, a path or a name, and fetch. The cache has a folder {@code
 * models/NAME-REVISION} or {@code data/NAME-REVISION} for each, which may also be filled by hand.
 */
public final class Hub {

    /** How near the files of a card are. */
    public enum State {
        /** On the class path, with this program. */
        BUNDLED,
        /** In the cache, all of them. */
        CACHED,
        /** In the cache, some of them: a split of a data set, or an interrupted download. */
        PARTLY_CACHED,
        /** To be downloaded. */
        TO_DOWNLOAD
    }

    /**
     * A line of a listing.
     *
     * @param folder where the files lie, or will
     */
    public record Entry(Card card, State state, Path folder) {}

    private final Cards cards;
    private final Repository repository;
    private final Bundled bundled;

    /** With the cards that this program ships. */
    public Hub(Settings settings, Progress progress) throws IOException {
        this(settings, Cards.read(), Download.Patience.DEFAULT, progress);
    }

    Hub(Settings settings, Cards cards, Download.Patience patience, Progress progress) {
        Download download = new Download(patience.withStall(settings.stall()), settings.token());
        this.cards = cards;
        this.repository = new Repository(settings, download, progress);
        this.bundled = new Bundled(cards, settings.cache().resolve("models"));
    }

    /** What is known by name. */
    public Cards cards() {
        return cards;
    }

    /**
     * The folder of a model: an existing folder as it is, else that of a known name, downloaded if
     * need be.
     *
     * @throws IllegalArgumentException if the name is not known
     * @throws NoSuchFileException if it looks like a path and there is nothing
     * @throws IOException if the files cannot be had, naming what to put where by hand when there
     *     is no network
     */
    public Path model(String nameOrPath) throws IOException {
        Path path = resolve(Kind.MODEL, nameOrPath, "");
        if (!Files.isDirectory(path)) {
            throw new FileSystemException(
                    path.toString(), null, "expected a model folder, found a file");
        }
        return path;
    }

    /** {@link #data(String, String)} with all splits. */
    public Path data(String nameOrPath) throws IOException {
        return data(nameOrPath, "");
    }

    /**
     * The folder of a data set: an existing path, a file or a folder, as it is, else that of a
     * known name with at least the files of the split, downloaded if need be.
     *
     * @param split beginning of the names of the files to bring, as in {@code test}; empty for all
     * @throws IllegalArgumentException if the name or the split is not known
     */
    public Path data(String nameOrPath, String split) throws IOException {
        return resolve(Kind.DATA, nameOrPath, split);
    }

    private Path resolve(Kind kind, String nameOrPath, String split) throws IOException {
        if (nameOrPath.isBlank()) {
            throw new IllegalArgumentException("the name of a " + kind.word() + " is empty");
        }
        Optional<Path> path = existing(nameOrPath);
        if (path.isPresent()) {
            return path.get();
        }
        Optional<Card> card = cards.find(kind, nameOrPath);
        if (card.isPresent()) {
            return fetch(card.get(), split);
        }
        if (nameOrPath.matches(".*[/\\\\.~].*")) {
            throw new NoSuchFileException(
                    Path.of("").toAbsolutePath().resolve(nameOrPath).normalize().toString(),
                    null,
                    String.format(
                            "no such path, nor a known %s (%s)",
                            kind.word(), String.join(", ", cards.names(kind))));
        }
        throw new IllegalArgumentException(
                Nearest.message(kind.word(), nameOrPath, cards.names(kind)));
    }

    private static Optional<Path> existing(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty(); // On Windows a name such as a:b is no path: a name, then.
        }
    }

    /** The folder if all files are there; never uses the network and never writes. */
    public Optional<Path> locate(Card card) throws IOException {
        return locate(card, "");
    }

    /** The folder if all files of the split are there; never uses the network and never writes. */
    public Optional<Path> locate(Card card, String split) throws IOException {
        Path folder = folder(card);
        boolean whole =
                card.bundled()
                        ? bundled.isWhole(card, folder)
                        : repository.missing(card, split).isEmpty();
        return whole ? Optional.of(folder) : Optional.empty();
    }

    /** The folder with all files, brought if need be. */
    public Path fetch(Card card) throws IOException {
        return fetch(card, "");
    }

    /** The folder with at least the files of the split, brought if need be. */
    public Path fetch(Card card, String split) throws IOException {
        Path folder = folder(card);
        if (card.bundled()) {
            bundled.copy(card, folder);
        } else {
            repository.fetch(card, split);
        }
        return folder;
    }

    /** All cards of a kind with where their files are; never uses the network. */
    public List<Entry> list(Kind kind) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Card card : cards.all(kind)) {
            entries.add(new Entry(card, state(card), folder(card)));
        }
        return List.copyOf(entries);
    }

    private State state(Card card) throws IOException {
        if (card.bundled()) {
            return State.BUNDLED;
        }
        if (repository.missing(card, "").isEmpty()) {
            return State.CACHED;
        }
        return repository.hasSome(card) ? State.PARTLY_CACHED : State.TO_DOWNLOAD;
    }

    private Path folder(Card card) throws IOException {
        return card.bundled() ? bundled.folder(card) : repository.folder(card);
    }
}
