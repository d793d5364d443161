package org.diagonal.eval.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;

/**
 * A kind of result file: the record that it is, its version, and how older versions are read.
 *
 * @param file the file's name in a folder
 * @param type the record; its component {@code version} holds the version
 * @param version the version that is written
 * @param updates by an older version that is read too: changes its tree to the next version's
 * @param binding what becomes of absent components
 * @param layout how the text is broken into lines
 * @param flat by the key of a component that is a record its type: its keys stand in place of it
 * @param <R> the record
 */
public record Form<R extends Record>(
        String file,
        Class<R> type,
        int version,
        Map<Integer, Consumer<ObjectNode>> updates,
        Binding binding,
        Layout layout,
        Map<String, Class<? extends Record>> flat) {

    private static final String VERSION = "version";

    /** How the text is broken into lines. */
    enum Layout {
        PRETTY,
        LINES,
        LISTS_IN_LINES
    }

    /** Copies the maps. */
    public Form {
        updates = Map.copyOf(updates);
        flat = Map.copyOf(flat);
    }

    /**
     * A form that leaves out what is absent.
     *
     * @param file the file's name in a folder
     * @param version the version that is written
     * @param updates by an older version that is read too: changes its tree to the next version's
     */
    public static <R extends Record> Form<R> of(
            String file, Class<R> type, int version, Map<Integer, Consumer<ObjectNode>> updates) {
        return new Form<>(file, type, version, updates, Binding.ABSENT, Layout.PRETTY, Map.of());
    }

    /** A form in whose files every key stands, with null for what is absent. */
    public static <R extends Record> Form<R> withNulls(String file, Class<R> type, int version) {
        return new Form<>(file, type, version, Map.of(), Binding.NULL, Layout.PRETTY, Map.of());
    }

    /** The same with one key a line, and every element of a list of objects on its own. */
    public Form<R> inLines() {
        return new Form<>(file, type, version, updates, binding, Layout.LINES, flat);
    }

    /** The same form, each element of a list beginning a line of its own. */
    public Form<R> withListsInLines() {
        return new Form<>(file, type, version, updates, binding, Layout.LISTS_IN_LINES, flat);
    }

    /**
     * The same form, the keys of a component that is a record standing in place of its own key.
     *
     * @param key the component's key
     * @param of its record; its keys are none of the file's own
     */
    public Form<R> flat(String key, Class<? extends Record> of) {
        return new Form<>(file, type, version, updates, binding, layout, Map.of(key, of));
    }

    /** Whether a folder holds such a file. */
    public boolean isIn(Path folder) {
        return Files.exists(folder.resolve(file));
    }

    /** The text of a file, which ends with a line break. */
    public String text(R result) {
        ObjectNode root = binding.tree(result);
        for (String key : flat.keySet()) {
            root = Records.spread(root, key);
        }
        return switch (layout) {
            case PRETTY -> binding.text(root, false);
            case LISTS_IN_LINES -> binding.text(root, true);
            case LINES -> lines(root);
        };
    }

    private static String lines(ObjectNode root) {
        StringJoiner keys = new StringJoiner(",\n", "{\n", "\n}\n");
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String value = entry.getValue().toString();
            if (entry.getValue().isArray() && entry.getValue().path(0).isObject()) {
                StringJoiner elements = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
                entry.getValue().forEach(element -> elements.add(element.toString()));
                value = elements.toString();
            }
            keys.add("  \"" + entry.getKey() + "\": " + value);
        }
        return keys.toString();
    }

    /** Writes a folder's file, replacing an old one. */
    public void write(Path folder, R result) throws IOException {
        AtomicFiles.writeString(folder.resolve(file), text(result));
    }

    /**
     * Reads a folder's file.
     *
     * @throws FileSystemException in one line that names the key, if the file is of a version that
     *     is not known, or a key is unknown, missing or of another type
     */
    public R read(Path folder) throws IOException {
        return readFile(folder.resolve(file));
    }

    /**
     * Reads a file by its own path.
     *
     * @throws FileSystemException as {@link #read}
     */
    public R readFile(Path path) throws IOException {
        ObjectNode root = (ObjectNode) JsonFile.read(path);
        try {
            update(root);
            flat.forEach((key, of) -> Records.gather(root, key, of, true));
            return binding.read(root, type);
        } catch (IllegalArgumentException e) {
            throw FileFault.of(path, e.getMessage(), e);
        }
    }

    private void update(ObjectNode root) {
        JsonNode found = root.path(VERSION);
        int from = found.isInt() ? found.asInt() : -1;
        while (updates.containsKey(from) && from < version) {
            updates.get(from).accept(root);
            from++;
            root.put(VERSION, from);
        }
        if (from != version) {
            throw new IllegalArgumentException(
                    "key version: expected %d, found %s%s"
                            .formatted(
                                    version,
                                    found.isMissingNode() ? "none" : found,
                                    from > version
                                            ? ": a newer version of this program wrote it"
                                            : ""));
        }
    }
}
