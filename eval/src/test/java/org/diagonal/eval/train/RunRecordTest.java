package org.diagonal.eval.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.SymbolKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files were written by version 0.1.0 before its record was one. */
final class RunRecordTest {

    private static final String TOKENIZER =
            "82ad0be5c284445230b9689f1f491a63129d039a218c545b91f717093b092417";

    @TempDir Path folder;

    private static String golden(String name) throws IOException {
        try (InputStream in = RunRecordTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ObjectNode settings(ObjectNode data, int evalEvery) {
        return RunRecord.settings(
                new RunRecord.Beginning(
                        "nano",
                        "c39f9636fc57fb26e81e094fb86d5cf07b23c5451ed746e7e61623c9229160a2",
                        Optional.empty(),
                        "pretrained",
                        Optional.empty(),
                        Optional.empty()),
                data,
                RunRecord.Trained.of(
                        Gpt2Config.fresh(512, 64, 64, 4, 4)
                                .withDropout(0.1)
                                .withScalings(IdentityScalings.of(Arm.BOTH, true)),
                        Arm.BOTH,
                        TensorType.F32),
                TrainingSettings.DEFAULTS
                        .withBatchSize(2)
                        .withMaxSteps(2)
                        .withEvalEvery(evalEvery)
                        .withSaveEvery(evalEvery));
    }

    private static ObjectNode text() {
        return RunRecord.settings(
                new TextData.Keys(
                        "europarl:train",
                        "0918f2609a45d754f1fb751aecc3e16754367fb01ac16f427aec0a8755c86def",
                        Optional.of("europarl:validation"),
                        Optional.of(
                                "3c082cf11ffda9079dd4f741d4e56b6a27a68b0187576413c1c2e63ecc073966"),
                        OptionalDouble.empty(),
                        TOKENIZER,
                        32));
    }

    private static ObjectNode task() {
        return RunRecord.settings(
                new TaskData.Keys(
                        "task:aba-abb",
                        "0bb2483d20121a78580ca07e99ea361eb56b49fed071c09d23964bac14a23e63",
                        "244655dccf836d8cd2e829e6434ba40a8d125bf8087303e606e7dc39c90b1934",
                        "c84de87586895e240af17f57492277eb87476f9445a40c3144715af2ff6ef17a",
                        TOKENIZER,
                        1000,
                        100),
                new TaskSetting(new AlphabetSizes(500, 100, 100), SymbolKind.WORDS, 42).keys());
    }

    private static RunRecord record(ObjectNode settings, String started, boolean isText) {
        Optional<String> data = isText ? Optional.of("europarl") : Optional.empty();
        return new RunRecord(
                2,
                started,
                settings,
                Optional.of(new Origin(Optional.of("nano"), Optional.of("Apache-2.0"), data, data)),
                new TreeMap<>(
                        Map.of(
                                "commit", "",
                                "device", "cpu",
                                "diagonal", "0.1.0",
                                "djl", "0.35.1",
                                "java", "OpenJDK 64-Bit Server VM 17.0.15",
                                "products", "onednn",
                                "pytorch", "2.7.1",
                                "threads", "2")));
    }

    private static RunRecord ofText() {
        return record(settings(text(), 3131), "2026-11-29T01:17:00Z", true);
    }

    @Test
    void theSameSettingsMakeTheSameBytesAsBefore() throws IOException {
        RunRecord task = record(settings(task(), 500), "2026-11-29T01:18:13Z", false);
        requireBytes(ofText(), "run-of-a-text.json");
        requireBytes(task, "run-of-a-task.json");
    }

    /** Settings that came later are left out. */
    private static void requireBytes(RunRecord record, String name) throws IOException {
        JsonNode then = new ObjectMapper().readTree(golden(name)).path("settings");
        List<String> keys = then.properties().stream().map(Map.Entry::getKey).toList();
        record.settings().retain(keys);
        assertThat(record.text()).isEqualTo(golden(name));
    }

    @Test
    void whatWasWrittenIsReadAndHasTheSameSettings() throws IOException {
        for (String name : new String[] {"run-of-a-text.json", "run-of-a-task.json"}) {
            Files.writeString(folder.resolve("run.json"), golden(name));
            RunRecord read = RunRecord.find(folder).orElseThrow();
            assertThat(read.text()).isEqualTo(golden(name));
            read.requireSame(folder, settings(name.contains("text") ? text() : task(), read));
        }
    }

    private static ObjectNode settings(ObjectNode data, RunRecord read) {
        return settings(data, read.settings().path("eval_every").asInt());
    }

    @Test
    void anotherSettingIsRefusedButForAModelOrTextOfTheSameHash() {
        RunRecord run = ofText();
        run.requireSame(folder, with("model", "/models/nano"));
        run.requireSame(folder, with("data", "file.txt"));
        assertThatThrownBy(() -> run.requireSame(folder, with("schedule", "CONSTANT")))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("was begun with schedule \"LINEAR\", not \"CONSTANT\"");
        assertThatThrownBy(() -> run.requireSame(folder, with("adapter_sha256", "0")))
                .hasMessageContaining("was begun with adapter_sha256 unset, not \"0\"");
    }

    private static ObjectNode with(String key, String value) {
        ObjectNode settings = settings(text(), 3131);
        settings.set(key, TextNode.valueOf(value));
        return settings;
    }

    @Test
    void aRunBegunBeforeASettingWasThereHasItsDefault() {
        RunRecord run = ofText();
        run.settings().remove("precision");
        run.requireSame(folder, settings(text(), 3131));
        assertThatThrownBy(() -> run.requireSame(folder, with("precision", "bf16")))
                .hasMessageContaining("was begun with precision \"f32\", not \"bf16\"");
    }

    @Test
    void aStartThatIsNotATimeAndAnUnknownKeyAreNamed() throws IOException {
        Path file = folder.resolve("run.json");
        Files.writeString(file, ofText().text().replace("2026-11-29T01:17:00Z", "yesterday"));
        RunRecord damaged = RunRecord.find(folder).orElseThrow();
        assertThatThrownBy(() -> damaged.begun(folder))
                .hasMessage(file + ": started must be a time, found 'yesterday'");
        Files.writeString(file, ofText().text().replace("\"origin\"", "\"origins\""));
        assertThatThrownBy(() -> RunRecord.find(folder))
                .hasMessage(file + ": key origins: is not known");
    }
}
