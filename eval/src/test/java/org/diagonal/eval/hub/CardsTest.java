package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Card.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Laws of the cards, those that are shipped and wrong ones. */
class CardsTest {

    private static final String INDEX = "models: [m]\ndata: []\n";
    private static final String CARD =
            "name: m\nkind: model\nabout: a\nlicense: MIT\nsource: o/m\nfiles: {config.json: {}}\n";

    @TempDir Path folder;

    @Test
    void everyShippedCardIsInTheIndexAndReads() throws IOException {
        Cards cards = Cards.read();
        Path models = Path.of(System.getProperty("diagonal.root")).resolve("models");
        assertThat(cards.names(Kind.MODEL)).containsExactlyInAnyOrderElementsOf(cardsIn(models));
        assertThat(cards.names(Kind.DATA))
                .containsExactlyInAnyOrderElementsOf(cardsIn(models.resolve("data")));
    }

    private static List<String> cardsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") && !name.equals("index.yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .toList();
        }
    }

    @Test
    void everyShippedModelNamesConfigurationAndWeightsAndEveryDownloadIsPinnedToARevision()
            throws IOException {
        Cards cards = Cards.read();
        for (Card card : cards.all(Kind.MODEL)) {
            assertThat(card.files()).containsKeys("config.json", "model.safetensors");
        }
        for (Kind kind : Kind.values()) {
            for (Card card : cards.all(kind)) {
                assertThat(card.bundled() || card.revision().orElse("").length() == 40)
                        .as(card.name())
                        .isTrue();
            }
        }
    }

    @Test
    void whatACardSaysOfABundledFileIsTrue() throws IOException {
        Cards cards = Cards.read();
        for (Card card : cards.all(Kind.MODEL)) {
            for (String name : card.bundled() ? card.files().keySet() : Set.<String>of()) {
                Pin pin = card.pin(name);
                if (pin.equals(Pin.NONE)) {
                    continue;
                }
                try (InputStream in = cards.open(card.name() + "/" + name)) {
                    byte[] bytes = in.readAllBytes();
                    assertThat(pin)
                            .isEqualTo(
                                    new Pin(
                                            OptionalLong.of(bytes.length),
                                            Optional.of(TestServer.sha256(bytes))));
                }
            }
        }
    }

    @Test
    void everyShippedDataSetHasTheThreeSplits() throws IOException {
        for (Card card : Cards.read().all(Kind.DATA)) {
            for (String split : List.of("train", "validation", "test")) {
                assertThat(card.files().keySet())
                        .as(card.name())
                        .anyMatch(path -> path.contains("/" + split + "-"));
            }
        }
    }

    @Test
    void gpt2IsFoundByNameAndByRepository() throws IOException {
        Cards cards = Cards.read();
        Card gpt2 = cards.find(Kind.MODEL, "gpt2").orElseThrow();
        assertThat(cards.find(Kind.MODEL, "openai-community/gpt2")).contains(gpt2);
        assertThat(gpt2.files().values().stream().mapToLong(pin -> pin.bytes().orElseThrow()).sum())
                .isEqualTo(665 + 1_355_256 + 124 + 548_105_171L);
        assertThat(gpt2.parameters()).isEqualTo(OptionalLong.of(124_439_808));
        assertThat(cards.find(Kind.DATA, "gpt2")).isEmpty();
        assertThat(cards.find(Kind.DATA, "Salesforce/wikitext")).isEmpty();
    }

    @Test
    void aKeyThatIsNotKnownIsRefusedWithTheNearest() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD + "licence: x\n");
        assertThatThrownBy(fake::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "models/m.yaml: unknown key \"licence\"; did you mean license?");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() throws IOException {
        FakeCards fake =
                new FakeCards(folder).with("index.yaml", INDEX).with("m.yaml", CARD + "about: b\n");
        assertThatThrownBy(fake::read)
                .hasMessageContaining("models/m.yaml")
                .hasMessageContaining("about");
    }

    @Test
    void aKeyOfAPinThatIsNotKnownIsRefused() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD.replace("{}", "{sha265: x}"));
        assertThatThrownBy(fake::read).hasMessageContaining("did you mean sha256?");
    }

    @Test
    void aHashThatIsNoSha256IsRefused() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD.replace("{}", "{sha256: ABC}"));
        assertThatThrownBy(fake::read)
                .hasMessageContaining("models/m.yaml")
                .hasMessageContaining("64 lower-case hexadecimal digits: ABC");
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD.replace("license: MIT\n", ""));
        assertThatThrownBy(fake::read).hasMessageContaining("license");
    }

    @Test
    void aCardUnderAnotherNameIsRefused() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD.replace("name: m", "name: n"));
        assertThatThrownBy(fake::read)
                .hasMessage("models/m.yaml: expected the model m, found the model n");
    }

    @Test
    void aCardThatTheIndexNamesMustBeThere() throws IOException {
        FakeCards fake = new FakeCards(folder).with("index.yaml", INDEX);
        assertThatThrownBy(fake::read).hasMessage("models/m.yaml: not on the class path");
    }

    @Test
    void aCardIsEitherBundledOrHasASource() throws IOException {
        FakeCards fake =
                new FakeCards(folder)
                        .with("index.yaml", INDEX)
                        .with("m.yaml", CARD + "bundled: true\n");
        assertThatThrownBy(fake::read)
                .hasMessageContaining("must either be bundled or have a source");
    }
}
