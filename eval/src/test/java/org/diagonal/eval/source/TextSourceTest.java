package org.diagonal.eval.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --data} takes, however it is written. */
class TextSourceTest {

    @TempDir Path folder;
    private Hub hub;

    @BeforeEach
    void hub() throws IOException {
        hub = new Hub(Settings.fromEnvironment(), (file, done, total) -> {});
        Files.writeString(folder.resolve("1.jsonl"), "{\"text\": \"a\"}\n");
        Files.writeString(folder.resolve("2.jsonl"), "{\"text\": \"b\"}\n");
        Files.writeString(folder.resolve("whole.txt"), "a\nb\n");
    }

    private Corpus open(String words) throws IOException {
        return TextSource.parse(words).open(hub, Split.TRAIN);
    }

    @Test
    void listsAndPatternsAreTheirFilesInOrder() throws IOException {
        String whole = open(folder.resolve("whole.txt").toString()).sha256();
        assertThat(open(folder + "/*.jsonl").sha256()).isEqualTo(whole);
        assertThat(open(folder + "/{1,2}.jsonl").sha256()).isEqualTo(whole);
        assertThat(open(folder + "/1.jsonl," + folder + "/2.jsonl").sha256()).isEqualTo(whole);
    }

    @Test
    void aPatternThatMatchesNothingIsRefused() {
        assertThatThrownBy(() -> open(folder + "/*.csv"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no file matches this pattern");
        assertThatThrownBy(() -> open(folder + "/1.jsonl," + folder + "/3.jsonl"))
                .hasMessageContaining("3.jsonl: no such file");
    }

    @Test
    void whatComesThroughStdinIsKnownByItsBytes() throws IOException {
        String whole = open(folder.resolve("whole.txt").toString()).sha256();
        for (String text : new String[] {"a\nb\n", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n"}) {
            Corpus corpus = piped(text);
            assertThat(corpus.sha256()).isEqualTo(whole);
            assertThat(corpus.name()).isEqualTo("stdin");
        }
        assertThatThrownBy(() -> piped("")).hasMessageContaining("stdin: is empty");
    }

    private Corpus piped(String text) throws IOException {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return open("-");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aFolderIsADataSetOfAnyFormats() throws IOException {
        Path set = Files.createDirectory(folder.resolve("set"));
        for (Map.Entry<String, String> file :
                Map.of("train.csv", "text\na\n", "validation.jsonl", "{\"text\": \"b\"}")
                        .entrySet()) {
            Files.writeString(set.resolve(file.getKey()), file.getValue());
        }
        TextSource source = TextSource.parse(set.toString());
        assertThat(source.open(hub, Split.TRAIN).name()).endsWith("train.csv");
        assertThat(source.sibling(hub, Split.VALIDATION)).isPresent();
        assertThat(source.sibling(hub, Split.TEST)).isEmpty();
        Corpus first = source.with(Reading.ALL.first(Optional.of(1))).open(hub, Split.TRAIN);
        assertThat(first.name()).endsWith("train.csv (first 1 documents)");
    }
}
