package org.diagonal.eval.cli.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Pin;
import org.diagonal.eval.hub.Place;
import org.diagonal.eval.hub.Progress;
import org.diagonal.eval.hub.Settings;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Split;
import org.diagonal.wikitext.TextEncoder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogueTextTest {

    @TempDir Path cache;
    private Hub hub;

    @BeforeEach
    void open() throws IOException {
        hub = new Hub(Place.of(cache, Settings.HUGGING_FACE, true), Progress.NONE);
    }

    private static List<String> lines(Consumer<PrintWriter> text) {
        StringWriter out = new StringWriter();
        text.accept(new PrintWriter(out));
        return out.toString().lines().toList();
    }

    private List<String> details(Kind kind, String name) throws IOException {
        Hub.Entry entry = hub.entry(hub.card(kind, name));
        return lines(out -> CatalogueText.details(entry, out));
    }

    @Test
    void everyTextIsListedInEightyColumns() throws IOException {
        List<Hub.Entry> entries = hub.list(Kind.DATA);
        List<String> table = lines(out -> CatalogueText.texts(entries, out));
        assertThat(table).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(table).anyMatch(line -> line.matches("europarl .* 1\\.3 MB .* bundled"));
        for (String name : hub.cards().names(Kind.DATA)) {
            assertThat(table).anyMatch(line -> line.matches(name + " .* to download"));
        }
    }

    @Test
    void everyModelIsListedInEightyColumns() throws IOException {
        Assumptions.assumeTrue(
                getClass().getClassLoader().getResource("models/nano/model.safetensors") != null,
                "the bundled model is not on the class path");
        List<Hub.Entry> entries = hub.list(Kind.MODEL);
        List<String> table = lines(out -> CatalogueText.models(entries, out));
        assertThat(table).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(table)
                .anyMatch(line -> line.matches("nano .*[0-9.]+ MB .* bundled"))
                .anyMatch(line -> line.matches("gpt2 +124,439,808 +549 MB +MIT +to download"));
        assertThat(table).hasSize(hub.cards().names(Kind.MODEL).size() + 4);
    }

    @Test
    void theDetailsOfEveryCardFitEightyColumnsBesideItsFolder() throws IOException {
        for (Kind kind : Kind.values()) {
            for (Card card : hub.cards().all(kind)) {
                if (card.bundled()) {
                    continue;
                }
                assertThat(details(kind, card.name()))
                        .filteredOn(line -> !line.startsWith("Folder "))
                        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
            }
        }
    }

    @Test
    void detailsSayWhatComesFromWhereAndWhetherItWasChecked() throws IOException {
        assertThat(details(Kind.MODEL, "openai-community/gpt2"))
                .contains(
                        "Use         --model gpt2, or openai-community/gpt2",
                        "Parameters  124,439,808",
                        "Size        549 MB",
                        "Licence     MIT",
                        "Source      https://huggingface.co/openai-community/gpt2",
                        "Revision    607a30d783dfa663caf39e06633721c8d4cfcd7e",
                        "Place       to download",
                        "Folder      " + cache.resolve("models/gpt2-607a30d7"),
                        "model.safetensors       548,105,171  to download",
                        "    SHA-256 248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707",
                        "Sizes and hashes are quoted from public repositories, not checked by this");
        assertThat(details(Kind.DATA, "wikitext-2-raw"))
                .contains(
                        "Use         --data wikitext-2-raw",
                        "Splits      wikitext-2-raw:train, :validation, :test");
    }

    @Test
    void filesThatAreThereAreSaidToBe() throws IOException {
        Path folder = cache.resolve("models/gpt2-607a30d7");
        Files.createDirectories(folder);
        Files.write(folder.resolve("config.json"), new byte[665]);
        assertThat(details(Kind.MODEL, "gpt2"))
                .contains("Place       partly cached")
                .anyMatch(line -> line.matches("config.json +665  here"));
    }

    @Test
    void whatIsSaidOfTheBundledTextIsTrue() throws IOException {
        List<Integer> documents = new ArrayList<>();
        long words = 0;
        long bytes = 0;
        try (ModelTokenizer tokenizer = ModelTokenizer.bytes()) {
            TextEncoder encoder = TextEncoder.of(tokenizer.tokenizer(), tokenizer.sha256(), 256);
            for (Split split : Split.values()) {
                List<Document> all = Corpus.europarl(split).documents(encoder);
                documents.add(all.size());
                for (Document document : all) {
                    words += document.words().orElseThrow() - 1; // an empty one ends the text
                    bytes += document.bytes().orElseThrow();
                }
            }
        }
        List<String> said = lines(CatalogueText::europarl);
        assertThat(said)
                .contains(
                        String.format(
                                Locale.ROOT,
                                "Size        %,d documents, %,d words",
                                documents.stream().mapToInt(n -> n).sum(),
                                words),
                        String.format(
                                Locale.ROOT,
                                "Splits      europarl:train, :validation, :test;"
                                        + " %,d, %,d and %,d documents",
                                documents.toArray()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(CatalogueText.size(OptionalLong.of(bytes))).isEqualTo("1.3 MB");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "665,665 B",
        "1355256,1.4 MB",
        "999499,999 kB",
        "999500,1.0 MB",
        "9949999,9.9 MB",
        "9950000,10 MB",
        "548105171,548 MB",
        "6431829964,6.4 GB"
    })
    void sizesHaveTwoOrThreeDigits(long bytes, String words) {
        assertThat(CatalogueText.size(OptionalLong.of(bytes))).isEqualTo(words);
        assertThat(CatalogueText.size(Pin.NONE.bytes())).isEmpty();
    }
}
