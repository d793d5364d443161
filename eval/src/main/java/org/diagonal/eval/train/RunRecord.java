package org.diagonal.eval.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.run.RunFolder;

/**
 * {@code run.json}: what decides the bits of a run, and what it ran with.
 *
 * @param version of the file's form
 * @param started when the run was begun, to the second
 * @param settings what decides its bits, in snake case
 * @param origin what is publicly known of model and text; absent in version 1, which drew its
 *     batches in another way
 * @param versions what it ran with
 */
record RunRecord(
        int version,
        String started,
        ObjectNode settings,
        Optional<Origin> origin,
        SortedMap<String, String> versions) {

    /** The form of the file. Version 2: batches and dropout are drawn otherwise than in 1. */
    static final Form<RunRecord> FORM =
            Form.of(RunFolder.RUN, RunRecord.class, 2, Map.of(1, root -> root.remove("origin")));

    /** Stands for the hash of weights that are drawn. */
    static final String RANDOM = "random";

    /** Writes settings; unlike other files, with enums in capitals. */
    private static final ObjectMapper SETTINGS =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
                    .build();

    /**
     * What a training begins with.
     *
     * @param modelSha256 of the weights, or {@link #RANDOM}
     * @param alpha of mimetic initialisation
     * @param beta of mimetic initialisation
     */
    record Beginning(
            String model,
            String modelSha256,
            Optional<String> adapterSha256,
            String init,
            Optional<Double> alpha,
            Optional<Double> beta) {

        static Beginning of(Start start) throws IOException {
            return new Beginning(
                    start.name(),
                    start.sha256(),
                    start.random() ? Optional.empty() : start.model().orElseThrow().adapterSha256(),
                    start.init(),
                    start.mimetic().map(Mimetic::alpha),
                    start.mimetic().map(Mimetic::beta));
        }
    }

    /**
     * The network that is trained.
     *
     * @param control the arm of a control; absent where scalings are trained, or nothing beside the
     *     weights
     * @param dtype element type of the saved models
     */
    record Trained(
            String scalings,
            Optional<String> control,
            double qkMultiplier,
            double ovMultiplier,
            boolean maskDiagonal,
            double embdPdrop,
            double attnPdrop,
            double residPdrop,
            int nLayer,
            int nHead,
            int nEmbd,
            String dtype) {

        static Trained of(Gpt2Config config, Arm arm, TensorType dtype) {
            IdentityScalings scalings = config.scalings();
            return new Trained(
                    scalings.arm().toString(),
                    arm.control().map(control -> arm.toString()),
                    scalings.wkwqIdMult(),
                    scalings.wvwoIdMult(),
                    scalings.maskDiagWkwq(),
                    config.embdPdrop(),
                    config.attnPdrop(),
                    config.residPdrop(),
                    config.nLayer(),
                    config.nHead(),
                    config.nEmbd(),
                    dtype.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Copies the versions. */
    RunRecord {
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    /** The record of a run that begins now. */
    static RunRecord now(ObjectNode settings, Origin origin, Map<String, String> versions) {
        return new RunRecord(
                FORM.version(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                settings,
                Optional.of(origin),
                new TreeMap<>(versions));
    }

    /** Records, or trees, as one tree of settings; absent components are left out. */
    static ObjectNode settings(Object... parts) {
        ObjectNode settings = SETTINGS.createObjectNode();
        for (Object part : parts) {
            settings.setAll((ObjectNode) SETTINGS.valueToTree(part));
        }
        return settings;
    }

    /** The record in a folder, if a run was begun there. */
    static Optional<RunRecord> find(Path folder) throws IOException {
        return FORM.isIn(folder) ? Optional.of(FORM.read(folder)) : Optional.empty();
    }

    /** The text of the file. */
    String text() {
        return FORM.text(this).stripTrailing();
    }

    /**
     * When the run was begun.
     *
     * @throws IOException if the record does not say it
     */
    Instant begun(Path folder) throws IOException {
        try {
            return Instant.parse(started);
        } catch (DateTimeParseException e) {
            throw FileFault.of(
                    folder.resolve(RunFolder.RUN),
                    "started must be a time, found '" + started + "'",
                    e);
        }
    }

    /**
     * Refuses to resume a run with other settings.
     *
     * @throws SettingException naming the first setting that differs and both values
     */
    void requireSame(Path folder, ObjectNode wanted) {
        if (origin.isEmpty()) {
            throw new SettingException(
                    folder
                            + " holds a run of version 0.1.0, which drew its batches in another"
                            + " way; choose another folder",
                    Setting.OUT);
        }
        // Runs begun before a setting was there have its default.
        ObjectNode defaults = settings(TrainingSettings.DEFAULTS);
        Set<String> keys = new LinkedHashSet<>();
        wanted.fieldNames().forEachRemaining(keys::add);
        settings.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            String before = value(settings.has(key) ? settings.path(key) : defaults.path(key));
            String now = value(wanted.path(key));
            if (!before.equals(now) && !isSameByHash(key, wanted)) {
                throw new SettingException(
                        "%s was begun with %s %s, not %s; choose another folder"
                                .formatted(folder, key, before, now),
                        Setting.OUT);
            }
        }
    }

    /**
     * What makes float32 products in the run: another library would give other last bits. Runs
     * begun before there was a choice took MKL.
     *
     * @throws IOException if the record names something else
     */
    Products products(Path folder) throws IOException {
        try {
            return Products.of(versions.getOrDefault("products", "mkl"));
        } catch (IllegalArgumentException e) {
            throw FileFault.of(folder.resolve(RunFolder.RUN), e.getMessage(), e);
        }
    }

    /** The same record with another value of one of its settings. */
    RunRecord with(String setting, JsonNode value) {
        ObjectNode other = settings.deepCopy();
        if (other.has(setting)) {
            other.set(setting, value);
        }
        return new RunRecord(version, started, other, origin, versions);
    }

    /** A model or a text may be reached by another name or path. */
    private boolean isSameByHash(String key, ObjectNode wanted) {
        JsonNode hash = settings.path(key + "_sha256");
        return hash.isTextual()
                && !hash.asText().equals(RANDOM)
                && hash.equals(wanted.path(key + "_sha256"));
    }

    private static String value(JsonNode value) {
        return value.isMissingNode() ? "unset" : value.toString();
    }
}
