package org.diagonal.eval.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.templates.task.Nearest;

/** The models and data sets that are known by name, read from their cards on the class path. */
public final class Cards {

    /** The list of names, since a jar's folders cannot be listed. */
    private record Index(List<String> models, List<String> data) {}

    private static final ObjectMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addModule(new Jdk8Module())
                    .build();

    private final ClassLoader loader;
    private final String root;
    private final Map<Kind, List<Card>> cards = new EnumMap<>(Kind.class);

    Cards(ClassLoader loader, String root) throws IOException {
        this.loader = loader;
        this.root = root;
        Index index = read("index.yaml", Index.class);
        cards.put(Kind.MODEL, cards(index.models(), Kind.MODEL, ""));
        cards.put(Kind.DATA, cards(index.data(), Kind.DATA, "data/"));
    }

    /**
     * Reads the cards that this program ships.
     *
     * @throws IOException if a card is missing or has a key that is not known
     */
    public static Cards read() throws IOException {
        return new Cards(Cards.class.getClassLoader(), "models");
    }

    /** All cards of a kind, in the order in which listings show them. */
    public List<Card> all(Kind kind) {
        return cards.get(kind);
    }

    /** All names of a kind. */
    public List<String> names(Kind kind) {
        return all(kind).stream().map(Card::name).toList();
    }

    /**
     * The card of that name; a model is found by its repository ({@code openai-community/…}) too.
     */
    public Optional<Card> find(Kind kind, String name) {
        return all(kind).stream()
                .filter(card -> card.name().equals(name) || isRepository(card, name))
                .findFirst();
    }

    private static boolean isRepository(Card card, String name) {
        return card.kind() == Kind.MODEL && card.source().filter(name::equals).isPresent();
    }

    /** Opens a resource below the folder of the cards, as in {@code nano/config.json}. */
    InputStream open(String path) throws IOException {
        InputStream in = loader.getResourceAsStream(root + "/" + path);
        if (in == null) {
            throw new FileNotFoundException(root + "/" + path + ": not on the class path");
        }
        return in;
    }

    private List<Card> cards(List<String> names, Kind kind, String folder) throws IOException {
        List<Card> cards = new ArrayList<>();
        for (String name : names) {
            String path = folder + name + ".yaml";
            Card card = read(path, Card.class);
            if (!card.name().equals(name) || card.kind() != kind) {
                throw new IOException(
                        String.format(
                                "%s/%s: expected the %s %s, found the %s %s",
                                root, path, kind.word(), name, card.kind().word(), card.name()));
            }
            cards.add(card);
        }
        return List.copyOf(cards);
    }

    private <T> T read(String path, Class<T> type) throws IOException {
        try (InputStream in = open(path)) {
            return YAML.readValue(in, type);
        } catch (UnrecognizedPropertyException e) {
            List<String> known = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
            throw new IOException(
                    root + "/" + path + ": " + Nearest.message("key", e.getPropertyName(), known),
                    e);
        } catch (JsonProcessingException e) {
            throw new IOException(root + "/" + path + ": " + e.getOriginalMessage(), e);
        }
    }
}
