package org.diagonal.eval.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.templates.task.Nearest;

/**
 * From the name of a model or a data set to a local folder with its files.
 *
 * <p>{@link #entry} only looks, {@link #fetch} brings what is missing; {@link #model} and {@link
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

    /** The text that is read from the class path, without a folder: its name is known here only. */
    public static final String EUROPARL = "europarl";

    /**
     * A line of a listing.
     *
     * @param folder where the files lie, or will
     * @param address of the source's page; empty for what is bundled
     * @param files all that the card names
     */
    public record Entry(
            Card card, State state, Path folder, Optional<String> address, List<Item> files) {

        /** Copies the list. */
        public Entry {
            files = List.copyOf(files);
        }

        /** Sum of the files' sizes; empty where one is not known. */
        public OptionalLong bytes() {
            return files.stream().allMatch(file -> file.pin().bytes().isPresent())
                    ? OptionalLong.of(
                            files.stream().mapToLong(f -> f.pin().bytes().getAsLong()).sum())
                    : OptionalLong.empty();
        }
    }

    /**
     * A file of a listing's line.
     *
     * @param path in the source
     * @param pin what is known of it; of a bundled file, what it is
     * @param here whether it is bundled or in the cache
     */
    public record Item(String path, Pin pin, boolean here) {}

    private final Cards cards;
    private final Repository repository;
    private final Bundled bundled;

    /** With the cards that this program ships. */
    public Hub(Settings settings, Progress progress) throws IOException {
        this(settings, Cards.read(), Download.Patience.DEFAULT, progress);
    }

    Hub(Settings settings, Cards cards, Download.Patience patience, Progress progress) {
        Download download =
                new Download(
                        patience.withStall(settings.stall()), settings.token(), settings.proxies());
        this.cards = cards;
        this.repository = new Repository(settings, download, progress);
        this.bundled = new Bundled(cards, settings.cache().resolve(Kind.MODEL.folder()));
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
            throw FileFault.of(path, "expected a model folder, found a file");
        }
        return path;
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
        if (card.isEmpty() && nameOrPath.matches(".*[/\\\\.~].*")) {
            throw new NoSuchFileException(
                    Path.of("").toAbsolutePath().resolve(nameOrPath).normalize().toString(),
                    null,
                    String.format(
                            "no such path, nor a known %s (%s)",
                            kind.word(), String.join(", ", names(kind))));
        }
        return fetch(card(kind, nameOrPath), split);
    }

    /** All names that users may write for a kind. */
    public List<String> names(Kind kind) {
        List<String> names = new ArrayList<>(kind == Kind.DATA ? List.of(EUROPARL) : List.of());
        names.addAll(cards.names(kind));
        return List.copyOf(names);
    }

    /**
     * The card of a name.
     *
     * @throws IllegalArgumentException if the name is not known; the message lists those that are
     */
    public Card card(Kind kind, String name) {
        return cards.find(kind, name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        Nearest.message(kind.word(), name, names(kind))));
    }

    /** The path of that name, if there is one; a pattern or a name need not be a path at all. */
    public static Optional<Path> existing(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty(); // On Windows a name such as a:b is no path: a name, then.
        }
    }

    /**
     * The folder with at least the files of a split, brought if need be.
     *
     * @param split as in {@link #data}
     */
    public Path fetch(Card card, String split) throws IOException {
        Path folder = folder(card);
        if (card.bundled()) {
            bundled.copy(card, folder);
        } else {
            repository.fetch(card, split);
        }
        return folder;
    }

    /** The card whose folder a path is or lies in; empty for a path of the user's own. */
    public Optional<Card> owner(Kind kind, Path path) throws IOException {
        Path wanted = path.toAbsolutePath().normalize();
        for (Card card : cards.all(kind)) {
            if (wanted.startsWith(folder(card).toAbsolutePath().normalize())) {
                return Optional.of(card);
            }
        }
        return Optional.empty();
    }

    /** All cards of a kind with where their files are; never uses the network. */
    public List<Entry> list(Kind kind) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Card card : cards.all(kind)) {
            entries.add(entry(card));
        }
        return List.copyOf(entries);
    }

    /** A card with where its files are; never uses the network. */
    public Entry entry(Card card) throws IOException {
        Path folder = folder(card);
        List<Item> files = new ArrayList<>();
        for (String path : card.files().keySet()) {
            files.add(
                    card.bundled()
                            ? new Item(path, bundled.pin(card, path), true)
                            : new Item(path, card.pin(path), repository.has(card, path)));
        }
        Optional<String> address =
                card.bundled() ? Optional.empty() : Optional.of(repository.address(card));
        return new Entry(card, state(card), folder, address, files);
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
