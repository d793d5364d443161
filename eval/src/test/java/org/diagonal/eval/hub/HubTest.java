package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.eval.hub.Download.Patience;
import org.diagonal.eval.hub.Hub.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From names to folders, with cards, a cache and a server of the test's own. */
class HubTest {

    private static final String REPOSITORY = "/org/big/resolve/0123456789abcdef/";
    private static final String DATA = "/datasets/org/text/resolve/main/";

    @TempDir Path folder;
    private Path cache;
    private FakeCards fake;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache");
        server = new TestServer();
        fake =
                new FakeCards(folder.resolve("classes"))
                        .with("index.yaml", "models: [tiny, big]\ndata: [text]\n")
                        .with(
                                "tiny.yaml",
                                "{name: tiny, kind: model, about: a, license: MIT, bundled: true,"
                                        + " files: {config.json: {}, model.safetensors: {}}}")
                        .with("tiny/config.json", "{}")
                        .with("tiny/model.safetensors", "weights")
                        .with(
                                "big.yaml",
                                "{name: big, kind: model, about: a, license: MIT, source: org/big,"
                                        + " revision: 0123456789abcdef, files: {config.json: {},"
                                        + " model.safetensors: {bytes: 7}}}")
                        .with(
                                "data/text.yaml",
                                "{name: text, kind: data, about: a, license: MIT, source: org/text,"
                                        + " files: {v1/train-0.parquet: {bytes: 5},"
                                        + " v1/train-1.parquet: {}, v1/test-0.parquet: {}}}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub(boolean offline) throws IOException {
        return hub(server.endpoint(), offline);
    }

    private Hub hub(URI endpoint, boolean offline) throws IOException {
        Patience patience =
                new Patience(
                        Duration.ofSeconds(2), Duration.ofMillis(300), 2, Duration.ofMillis(5));
        return new Hub(Place.of(cache, endpoint, offline), fake.read(), patience, Progress.NONE);
    }

    private Path bigFolder() {
        return cache.resolve("models").resolve("big-01234567");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void anExistingFolderIsTakenAsItIs() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        assertThat(hub(true).model(mine.toString())).isEqualTo(mine);
        assertThat(hub(true).data(mine.toString(), "")).isEqualTo(mine);
    }

    @Test
    void aModelThatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> hub(true).model(file.toString()))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(file + ": expected a model folder, found a file");
        assertThat(hub(true).data(file.toString(), "")).isEqualTo(file);
    }

    @Test
    void aPathThatIsNotThereIsNamedInFull() {
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> hub(true).model(absent.toString()))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(absent + ": no such path, nor a known model (tiny, big)");
        assertThatThrownBy(() -> hub(true).data("./absent.txt", ""))
                .hasMessage(
                        Path.of("absent.txt").toAbsolutePath()
                                + ": no such path, nor a known data set (europarl, text)");
    }

    @Test
    void anUnknownNameGetsTheNearestAndAllKnown() {
        assertThatThrownBy(() -> hub(true).model("tinny"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown model \"tinny\"; did you mean tiny? (known: tiny, big)");
        assertThatThrownBy(() -> hub(true).data("texts", ""))
                .hasMessage(
                        "unknown data set \"texts\"; did you mean text? (known: europarl, text)");
        assertThatThrownBy(() -> hub(true).model(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBundledModelIsCopiedOnceToAFolderOfItsContents() throws IOException {
        Hub hub = hub(true);
        Card tiny = hub.cards().find(Kind.MODEL, "tiny").orElseThrow();
        assertThat(hub.entry(tiny).folder()).doesNotExist();
        Path copy = hub.model("tiny");
        assertThat(hub.entry(tiny).folder()).isEqualTo(copy);
        assertThat(names(copy)).containsExactly("config.json", "model.safetensors");
        assertThat(copy.resolve("model.safetensors")).hasContent("weights");
        assertThat(hub.model("tiny")).isEqualTo(copy);

        fake.with("tiny/model.safetensors", "WEIGHTS");
        Path other = hub(true).model("tiny");
        assertThat(other).isNotEqualTo(copy);
        assertThat(other.resolve("model.safetensors")).hasContent("WEIGHTS");
        assertThat(copy.resolve("model.safetensors")).hasContent("weights");
    }

    @Test
    void aBundledModelThatIsNotOnTheClassPathIsNamed() throws IOException {
        Files.delete(folder.resolve("classes/models/tiny/model.safetensors"));
        assertThatThrownBy(() -> hub(true).model("tiny"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("models/tiny/model.safetensors: not on the class path");
    }

    @Test
    void aModelIsDownloadedOnceAndFoundAfterwards() throws IOException {
        serveBig();
        Hub hub = hub(false);
        Card big = hub.cards().find(Kind.MODEL, "big").orElseThrow();
        assertThat(hub.entry(big).state()).isEqualTo(State.TO_DOWNLOAD);
        assertThat(server.requests).isEmpty();

        assertThat(hub.model("big")).isEqualTo(bigFolder());
        assertThat(names(bigFolder()))
                .containsExactly(
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "tokenizer.json");
        int asked = server.requests.size();
        assertThat(asked).isEqualTo(4);
        assertThat(hub(true).entry(big).state()).isEqualTo(State.CACHED);
        assertThat(hub(true).entry(big).folder()).isEqualTo(bigFolder());
        assertThat(hub(true).model("org/big")).isEqualTo(bigFolder());
        assertThat(server.requests).hasSize(asked);
    }

    private void serveBig() {
        server.on(REPOSITORY + "config.json", TestServer.text("{}"))
                .on(REPOSITORY + "tokenizer.json", TestServer.text("{\"t\":1}"))
                .on(REPOSITORY + "generation_config.json", TestServer.text("{\"g\":1}"))
                .on(REPOSITORY + "model.safetensors", TestServer.text("weights"));
    }

    @Test
    void anOldTokenizerAndShardsDoToo() throws IOException {
        server.on(REPOSITORY + "config.json", TestServer.text("{}"))
                .on(REPOSITORY + "vocab.json", TestServer.text("{}"))
                .on(REPOSITORY + "merges.txt", TestServer.text("#version"))
                .on(
                        REPOSITORY + "model.safetensors.index.json",
                        TestServer.text(
                                "{\"weight_map\": {\"a\": \"m-1.safetensors\", \"b\":"
                                        + " \"m-2.safetensors\", \"c\": \"m-1.safetensors\"}}"))
                .on(REPOSITORY + "m-1.safetensors", TestServer.text("one"))
                .on(REPOSITORY + "m-2.safetensors", TestServer.text("two"));
        assertThat(names(hub(false).model("big")))
                .containsExactly(
                        "config.json",
                        "m-1.safetensors",
                        "m-2.safetensors",
                        "merges.txt",
                        "model.safetensors.index.json",
                        "vocab.json");
        assertThat(hub(true).model("big")).isEqualTo(bigFolder());
        Files.delete(bigFolder().resolve("m-2.safetensors"));
        assertThatThrownBy(() -> hub(true).model("big"))
                .hasMessageContaining("put m-2.safetensors");
    }

    @Test
    void anIndexThatNamesFilesElsewhereIsRefused() throws IOException {
        server.on(REPOSITORY + "config.json", TestServer.text("{}"))
                .on(REPOSITORY + "tokenizer.json", TestServer.text("{}"))
                .on(
                        REPOSITORY + "model.safetensors.index.json",
                        TestServer.text("{\"weight_map\": {\"a\": \"../../x.safetensors\"}}"));
        assertThatThrownBy(() -> hub(false).model("big"))
                .hasMessageContaining("model.safetensors.index.json")
                .hasMessageContaining("../../x.safetensors");
    }

    @Test
    void aModelWithoutWeightsNamesTheMissingAddress() {
        server.on(REPOSITORY + "config.json", TestServer.text("{}"))
                .on(REPOSITORY + "tokenizer.json", TestServer.text("{}"));
        assertThatThrownBy(() -> hub(false).model("big"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining(
                        server.url(REPOSITORY + "model.safetensors.index.json").toString());
    }

    @Test
    void anInterruptedDownloadIsNotTakenForAModel() throws IOException {
        serveBig();
        server.on(REPOSITORY + "model.safetensors", TestServer.status(500));
        assertThatThrownBy(() -> hub(false).model("big")).hasMessageContaining("HTTP 500");
        Hub hub = hub(true);
        assertThat(hub.entry(hub.card(Kind.MODEL, "big")).state()).isEqualTo(State.PARTLY_CACHED);
        assertThatThrownBy(() -> hub.model("big"))
                .hasMessageContaining("put model.safetensors of ");
    }

    @Test
    void withoutNetworkOneLineSaysWhatToPutWhere() throws IOException {
        String byHand =
                ": put config.json and tokenizer.json and model.safetensors of %s/org/big/tree/"
                        + "0123456789abcdef into "
                        + bigFolder();
        assertThatThrownBy(() -> hub(true).model("big"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "model big is not in the cache and the network is switched off"
                                + " (HF_HUB_OFFLINE)"
                                + String.format(byHand, server.endpoint()));
        assertThat(server.requests).isEmpty();

        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        assertThatThrownBy(() -> hub(nobody, false).model("big"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "model big is not in the cache and " + nobody + " cannot be reached (")
                .hasMessageEndingWith(String.format(byHand, nobody));

        Files.createDirectories(bigFolder());
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.writeString(bigFolder().resolve(name), "{}");
        }
        Files.writeString(bigFolder().resolve("model.safetensors"), "weights");
        assertThat(hub(true).model("big")).isEqualTo(bigFolder());
    }

    @Test
    void aCacheThatCannotBeWrittenSaysSo() throws IOException {
        Files.writeString(cache, "a file where the cache's folder should be");
        for (String name : List.of("tiny", "big")) {
            assertThatThrownBy(() -> hub(false).model(name))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(cache.resolve("models").resolve(name).toString())
                    .hasMessageContaining("cannot write to the cache (")
                    .hasMessageContaining("DIAGONAL_CACHE");
        }
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aFileOfAnotherLengthThanTheCardsDoesNotCount() throws IOException {
        serveBig();
        hub(false).model("big");
        Path weights = bigFolder().resolve("model.safetensors");
        Files.writeString(weights, "weigh");
        assertThatThrownBy(() -> hub(true).model("big"))
                .hasMessageContaining("put model.safetensors of ");
        hub(false).model("big");
        assertThat(weights).hasContent("weights");
    }

    @Test
    void onlyTheAskedSplitIsDownloaded() throws IOException {
        server.on(DATA + "v1/train-0.parquet", TestServer.text("train"))
                .on(DATA + "v1/train-1.parquet", TestServer.text("more"))
                .on(DATA + "v1/test-0.parquet", TestServer.text("test"));
        Path text = cache.resolve("data").resolve("text");
        assertThat(hub(false).data("text", "test")).isEqualTo(text);
        assertThat(names(text)).containsExactly("test-0.parquet");
        assertThat(server.paths()).containsExactly(DATA + "v1/test-0.parquet");

        Hub offline = hub(true);
        Card card = offline.cards().find(Kind.DATA, "text").orElseThrow();
        assertThat(offline.entry(card).state()).isEqualTo(State.PARTLY_CACHED);
        assertThat(offline.data("text", "test")).isEqualTo(text);
        assertThatThrownBy(() -> offline.data("text", ""))
                .hasMessageContaining(
                        "put v1/train-0.parquet and v1/train-1.parquet of "
                                + server.endpoint()
                                + "/datasets/org/text/tree/main into "
                                + text);

        hub(false).data("text", "");
        assertThat(names(text))
                .containsExactly("test-0.parquet", "train-0.parquet", "train-1.parquet");
    }

    @Test
    void anUnknownSplitListsTheKnown() {
        assertThatThrownBy(() -> hub(true).data("text", "tset"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "unknown split of text \"tset\"; did you mean test? (known: test, train)");
    }

    @Test
    void theListSaysWhereEverythingIsWithoutTheNetwork() throws IOException {
        assertThat(hub(false).list(Kind.MODEL))
                .extracting(Hub.Entry::state)
                .containsExactly(State.BUNDLED, State.TO_DOWNLOAD);
        assertThat(server.requests).isEmpty();
        assertThat(cache).doesNotExist();

        serveBig();
        server.on(DATA + "v1/test-0.parquet", TestServer.text("test"));
        hub(false).model("big");
        hub(false).data("text", "test");
        List<Hub.Entry> models = hub(true).list(Kind.MODEL);
        assertThat(models.get(1).state()).isEqualTo(State.CACHED);
        assertThat(models.get(1).folder()).isEqualTo(bigFolder());
        assertThat(hub(true).list(Kind.DATA))
                .extracting(Hub.Entry::state)
                .containsExactly(State.PARTLY_CACHED);
    }
}
