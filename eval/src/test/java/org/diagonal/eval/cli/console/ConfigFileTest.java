package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schedule: &l linear\ninit: *l\n",
                "schedule: &s both\nscalings: *s\n",
            })
    void anAliasIsNotTakenForItsName(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("alias.yaml"), yaml);
        Toy.Result result = Tiny.run("fine-tune", "--config", file);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("diagonal fine-tune: " + file + ":2: ")
                .contains("is an alias, which is not read: write the value itself");
    }

    @Test
    void aKeyThatIsAnAliasIsNotTakenForItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("alias.yaml"), "&k lr: 1\n*k : 2\n");
        assertThat(Tiny.run("fine-tune", "--config", file).err())
                .contains(file + ":2: is no YAML: a key is an alias, which is not read");
    }

    @Test
    void aFolderIsNamed() {
        assertThat(Tiny.run("fine-tune", "--config", folder).err())
                .contains(folder + ": is a folder, expected a YAML file (--config)");
    }

    @Test
    void digitsAreThoseOfAscii() {
        for (String option : List.of("--max-steps", "--seed")) {
            assertThat(Tiny.run("fine-tune", option, "\uFF12").err())
                    .contains(option + ": '\uFF12' is not a whole number");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mask-diagonal: 0", "mask-diagonal: never", "shuffle: 1", "quiet: x"})
    void aSwitchSaysWhatItTakes(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("switch.yaml"), line);
        String key = line.substring(0, line.indexOf(':'));
        assertThat(Tiny.run("fine-tune", "--config", file).err())
                .startsWith("diagonal fine-tune: " + file + ":1: " + key)
                .contains(" must be true or false, not '" + line.substring(key.length() + 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mask-diagonal: off", "shuffle: no", "quiet: on", "shuffle: TRUE"})
    void aSwitchTakesYamlsWords(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("switch.yaml"), line);
        assertThat(Tiny.run("fine-tune", "--config", file).err()).contains("missing --model");
    }

    @Test
    void aFileThatIsNotUtf8IsNamedWithThePlace() throws IOException {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, new byte[] {'a', ':', (byte) 0xE9});
        assertThat(Tiny.run("fine-tune", "--config", file).err())
                .contains(file + ": is not UTF-8: unexpected byte 0xE9 at offset 2");
    }

    @TempDir Path folder;

    private Toy.Result run(String yaml, String... flags) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml);
        List<String> args = new ArrayList<>(List.of("train", "--config", file.toString()));
        args.addAll(List.of(flags));
        return Toy.run(args.toArray(String[]::new));
    }

    @Test
    void everyKindOfValueIsTaken() throws IOException {
        Toy.Result result =
                run(
                        """
                        # a comment
                        lr: 1e-4
                        batch-size: 4
                        schedule: cosine
                        dropout: 0.1
                        max-steps: 10
                        shuffle: false
                        mask-diagonal: true
                        qk-multiplier: -2
                        scalings: "ov"
                        arms: [none, qk]
                        """);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsExactly(
                        "lr=1.0E-4",
                        "schedule=COSINE",
                        "dropout=Optional[0.1]",
                        "batch-size=4",
                        "epochs=Optional.empty",
                        "max-steps=Optional[10]",
                        "shuffle=false",
                        "mask-diagonal=Optional[true]",
                        "multiplier=Optional[-2.0]",
                        "scalings=ov",
                        "arms=[none, qk]");
    }

    @Test
    void aListMayAlsoBeWrittenWithCommas() throws IOException {
        assertThat(run("arms: none,ov\n").out()).contains("arms=[none, ov]");
    }

    @Test
    void flagsWin() throws IOException {
        Toy.Result result =
                run(
                        "lr: 1\nshuffle: false\nmask-diagonal: true\narms: [none, qk]\nmax-steps:"
                                + " 5\n",
                        "--lr=2",
                        "--shuffle",
                        "--no-mask-diagonal",
                        "--arms",
                        "ov,both",
                        "--epochs",
                        "3");
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains(
                        "lr=2.0",
                        "shuffle=true",
                        "mask-diagonal=Optional[false]",
                        "arms=[ov, both]")
                .contains("epochs=Optional[3]", "max-steps=Optional.empty");
    }

    @Test
    void anEmptyFileChangesNothing() throws IOException {
        assertThat(run("# nothing\n").out()).isEqualTo(Toy.run("train").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batchsize: 4 | 1: unknown option 'batchsize' for toy train; did you mean"
                        + " batch-size?",
                "lr: 1;batch_size: 4 | 2: unknown option 'batch_size' for toy train; did you mean"
                        + " batch-size?",
                "no-shuffle: true | 1: unknown option 'no-shuffle' for toy train; did you mean"
                        + " shuffle?",
                "config: x.yaml | 1: unknown option 'config' for toy train",
                "lr: 1;lr: 2 | 2: lr stands in line 1 too",
                "lr: {a: 1} | 1: lr takes a value, not a map",
                "lr: [1, 2] | 1: lr takes one value, not a list",
                "arms: [none, [qk]] | 1: arms takes a list of plain values",
                "lr: | 1: lr has no value",
                "shuffle: maybe | 1: shuffle must be true or false, not 'maybe'",
                "clip: 1;lr: fast | 2: --lr: 'fast' is not a number",
                "lr: true | 1: --lr: 'true' is not a number",
                "schedule: lin | 1: --schedule: 'lin' is not one of: constant, linear, cosine; did you"
                        + " mean linear?",
                "- lr | 1: expected lines such as 'batch-size: 4'",
                "lr: 1;---;lr: 2 | 3: holds a second document"
            })
    void whatIsWrongNamesFileAndLine(String yaml, String message) throws IOException {
        Toy.Result result = run(yaml.replace(';', '\n') + "\n");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors())
                .containsExactly(
                        "toy train: " + folder.resolve("c.yaml") + ":" + message,
                        "See toy train --help.");
    }

    @Test
    void whatIsNoYamlSaysSo() throws IOException {
        Toy.Result result = run("lr: \"1\nclip: 2\n");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("c.yaml:").contains("is no YAML");
        assertThat(result.errors()).hasSize(2);
    }

    @Test
    void lengthsThatExcludeEachOtherDoSoInTheFileToo() throws IOException {
        assertThat(run("epochs: 1\nmax-steps: 2\n").err()).contains("exclude each other");
    }
}
