package org.diagonal.eval.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.diagonal.eval.compare.Comparison.Accuracies;
import org.diagonal.eval.compare.Comparison.Measured;
import org.diagonal.eval.compare.Comparison.OnTask;
import org.diagonal.eval.compare.Comparison.OnText;
import org.diagonal.eval.compare.Comparison.Perplexities;
import org.diagonal.eval.compare.Comparison.Scores;
import org.diagonal.eval.measure.effect.AccuracyDifference;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.effect.PerplexityRatio;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.identity.Arm;

/**
 * {@code compare.json}: a {@link Comparison} as JSON, its components {@code measured}, {@code
 * scores} and {@code effect} not nested but in place, and the last arm's effect at the top once
 * more.
 *
 * <p>Version 2. Files of version 1 are read too: what they lack, the model before and the interval
 * over seeds, is left out or computed from the ratios of their seeds.
 */
public final class ComparisonFile {

    /** The file's name. */
    public static final String NAME = ModelSource.COMPARISON;

    /** A folder that holds its file, or the runs of its arms. */
    static final OutFolder OUT =
            new OutFolder("comparison", NAME, "compare\\.json|(" + Arm.NAME + ")-seed-?\\d+");

    static final int VERSION = 2;

    private static final String TASK = "task";

    private ComparisonFile() {}

    /** The text of the file. */
    public static String text(Comparison comparison) {
        ObjectNode root = Records.tree(comparison);
        if (root.has("before")) {
            root.set("before", Records.spread((ObjectNode) root.get("before"), "scores"));
        }
        ArrayNode arms = root.arrayNode();
        JsonNode headline = root.objectNode();
        for (JsonNode arm : root.get("arms")) {
            headline = arm.get("effect");
            arms.add(Records.spread(Records.spread((ObjectNode) arm, "scores"), "effect"));
        }
        root.set("arms", arms);
        root.set("effect", headline);
        return Records.text(Records.spread(Records.spread(root, "measured"), "effect"));
    }

    /** Writes the file into a folder. */
    static void write(Path folder, Comparison comparison) throws IOException {
        AtomicFiles.writeString(folder.resolve(NAME), text(comparison));
    }

    /**
     * Reads a folder's file.
     *
     * @throws FileSystemException in one line, if it is of a newer version, not whole, or holds
     *     anything else
     */
    public static Comparison read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        ObjectNode root = (ObjectNode) JsonFile.read(file);
        try {
            return read(root);
        } catch (IllegalArgumentException e) {
            throw FileFault.of(file, e.getMessage(), e);
        }
    }

    private static Comparison read(ObjectNode root) {
        JsonNode version = root.path("version");
        if (version.asInt() == 1) {
            OlderComparison.update(root);
        } else if (version.asInt() != VERSION) {
            throw new IllegalArgumentException(
                    "key version: expected %d, found %s%s"
                            .formatted(
                                    VERSION,
                                    version.isMissingNode() ? "none" : version,
                                    version.asInt() > VERSION
                                            ? ": a newer version of this program wrote it"
                                            : ""));
        }
        boolean task = root.has(TASK);
        Class<? extends Record> measured = task ? OnTask.class : OnText.class;
        Class<? extends Record> scores = task ? Accuracies.class : Perplexities.class;
        Class<? extends Record> effect = task ? AccuracyDifference.class : PerplexityRatio.class;
        Records.gather(root, "measured", measured, true);
        Records.gather(root, "effect", effect, false);
        root.remove("effect"); // the last arm's once more
        if (root.get("before") instanceof ObjectNode before) {
            Records.gather(before, "scores", scores, true);
        }
        for (JsonNode arm : root.path("arms")) {
            if (arm instanceof ObjectNode node) {
                Records.gather(node, "scores", scores, true);
                Records.gather(node, "effect", effect, false);
            }
        }
        try {
            return Records.read(
                    root,
                    Comparison.class,
                    Map.of(Measured.class, measured, Scores.class, scores, Effect.class, effect));
        } catch (IllegalArgumentException e) { // as the file has it, where nothing is gathered
            throw new IllegalArgumentException(
                    e.getMessage().replaceAll("\\b(measured|scores|effect)\\.", ""), e);
        }
    }

    /**
     * Refuses a folder that holds another comparison, which would be overwritten.
     *
     * @param arms the names of the arms to come
     * @param wanted what else must be the same, by the keys of the file
     * @throws IllegalArgumentException naming the first thing that differs and both values
     */
    static void requireSame(
            Path folder, Collection<String> arms, int seeds, Map<String, String> wanted)
            throws IOException {
        if (!Files.exists(folder.resolve(NAME))) {
            return;
        }
        JsonNode before = JsonFile.read(folder.resolve(NAME));
        if (before.path("version").asInt() == 1) {
            throw new SettingException(
                    folder
                            + " holds a comparison of an earlier version, whose trainings drew their"
                            + " batches in another way; choose another folder",
                    Setting.OUT);
        }
        java.util.List<String> found = before.path("arms").findValuesAsText("name");
        requireSame(folder, "arms", String.join(",", found), String.join(",", arms));
        requireSame(folder, "seeds", before.path("seeds").asText(), Integer.toString(seeds));
        wanted.forEach((key, value) -> requireSame(folder, key, before.path(key).asText(), value));
    }

    private static void requireSame(Path folder, String key, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new SettingException(
                    "%s holds a comparison with %s %s, not %s; choose another folder"
                            .formatted(folder, key, found, wanted),
                    Setting.OUT);
        }
    }
}
