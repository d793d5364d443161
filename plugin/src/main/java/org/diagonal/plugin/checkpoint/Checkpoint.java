package org.diagonal.plugin.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.Sha256;

/**
 * The weights of a model folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names.
 *
 * <p>Tensors of a GPT-2 go by the names that they have beside a head: {@code transformer.} is put
 * before names that lack it, as files of the bare model do, except the heads' own, {@code
 * lm_head.weight} and {@code score.weight}. The causal masks that old files carry as {@code
 * attn.bias} and {@code attn.masked_bias} are left out. So are the prefixes {@code module.} and
 * {@code _orig_mod.} of networks that were saved while they were wrapped. Safe for many threads.
 */
public final class Checkpoint {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String PICKLE = "pytorch_model.bin";
    private static final String PREFIX = "transformer.";
    private static final Pattern BUFFER =
            Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias)");
    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");
    private static final Set<String> HEADS = Set.of("lm_head.weight", "score.weight");
    private static final int SHOWN = 5;

    private final Path source;
    private final Map<String, Place> places;

    private record Place(SafetensorsFile file, TensorInfo info) {}

    private Checkpoint(Path source, Map<String, Place> places) {
        this.source = source;
        this.places = Collections.unmodifiableMap(places);
    }

    /** Whether a folder has weights of this kind, whole or not. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    /**
     * Reads the headers of the weights of a GPT-2's folder.
     *
     * @throws NoSuchFileException if the folder has no weights, or a shard is missing
     * @throws FileSystemException if a file is malformed, a tensor is not where the index says, has
     *     a type that is not read, or is there twice
     */
    public static Checkpoint open(Path folder) throws IOException {
        return open(folder, Checkpoint::canonical);
    }

    /**
     * Reads the headers of the weights of a folder whose tensors keep the names that they have.
     *
     * @throws IOException as {@link #open}
     */
    public static Checkpoint openAsNamed(Path folder) throws IOException {
        return open(folder, UnaryOperator.identity());
    }

    /**
     * Reads the header of one safetensors file of a GPT-2, such as that of an adapter.
     *
     * @throws IOException as {@link #open}
     */
    public static Checkpoint openFile(Path file) throws IOException {
        Map<String, Place> places = new LinkedHashMap<>();
        add(places, SafetensorsFile.open(file), Map.of(), Checkpoint::canonical);
        return new Checkpoint(file, places);
    }

    private static Checkpoint open(Path folder, UnaryOperator<String> naming) throws IOException {
        Path single = folder.resolve(SINGLE);
        Path index = folder.resolve(INDEX);
        Map<String, Place> places = new LinkedHashMap<>();
        if (Files.exists(single)) {
            SafetensorsFile file = SafetensorsFile.open(single);
            add(places, file, Map.of(), naming);
            return new Checkpoint(single, places);
        }
        if (!Files.exists(index)) {
            throw new NoSuchFileException(folder.toString(), null, noWeights(folder));
        }
        Map<String, String> shards = shards(index);
        for (String shard : new TreeSet<>(shards.values())) {
            Path path = folder.resolve(shard);
            if (!Files.exists(path)) {
                throw new NoSuchFileException(
                        path.toString(), null, "is missing, but " + INDEX + " names it");
            }
            SafetensorsFile file = SafetensorsFile.open(path);
            for (Map.Entry<String, String> entry : shards.entrySet()) {
                if (entry.getValue().equals(shard) && !has(file, entry.getKey())) {
                    throw FileFault.of(
                            path,
                            "has no tensor %s, but %s says so".formatted(entry.getKey(), INDEX));
                }
            }
            add(places, file, shards, naming);
        }
        return new Checkpoint(index, places);
    }

    /** The names of all tensors. */
    public Set<String> names() {
        return places.keySet();
    }

    /**
     * Where a tensor lies in its file; the name inside is the file's own.
     *
     * @throws IllegalArgumentException if there is no such tensor
     */
    public TensorInfo info(String name) {
        return place(name).info;
    }

    /**
     * The file that holds a tensor.
     *
     * @throws IllegalArgumentException if there is no such tensor
     */
    public Path fileOf(String name) {
        return place(name).file.path();
    }

    /**
     * Reads a tensor as {@link SafetensorsFile#read} does.
     *
     * @throws FileSystemException if the tensor is missing, has another shape, or holds NaN or
     *     infinity; the message names tensor and file
     */
    public NDArray read(String name, List<Long> shape, NDManager manager) throws IOException {
        Place place = require(name, shape);
        return place.file.read(place.info.name(), manager);
    }

    /**
     * Reads a tensor as {@link SafetensorsFile#floats} does.
     *
     * @throws FileSystemException as {@link #read}
     */
    public float[] floats(String name, List<Long> shape) throws IOException {
        Place place = require(name, shape);
        return place.file.floats(place.info.name());
    }

    /**
     * Checks that a tensor is there, without reading it.
     *
     * @throws FileSystemException if it is missing or has another shape
     */
    public void requireShape(String name, List<Long> shape) throws FileSystemException {
        require(name, shape);
    }

    private Place require(String name, List<Long> shape) throws FileSystemException {
        Place place = places.get(name);
        if (place == null) {
            throw FileFault.of(source, "has no tensor " + name);
        }
        if (!place.info.shape().equals(shape)) {
            throw FileFault.of(
                    place.file.path(),
                    "tensor %s must have shape %s, found %s"
                            .formatted(place.info.name(), shape, place.info.shape()));
        }
        return place;
    }

    /**
     * Checks that all expected tensors are there, and nothing else but optional ones.
     *
     * @throws FileSystemException naming the first missing and extra tensors and how many there are
     */
    public void requireExactly(Set<String> expected, Set<String> optional) throws IOException {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(names());
        Set<String> extra = new TreeSet<>(names());
        extra.removeAll(expected);
        extra.removeAll(optional);
        if (!missing.isEmpty() && !extra.isEmpty()) {
            throw FileFault.of(
                    source,
                    listed("lacks", missing) + "; " + listed("has unexpected", named(extra)));
        }
        if (!missing.isEmpty()) {
            throw FileFault.of(source, listed("lacks", missing));
        }
        if (!extra.isEmpty()) {
            Set<Path> files =
                    extra.stream().map(this::fileOf).collect(Collectors.toCollection(TreeSet::new));
            throw FileFault.of(files.iterator().next(), listed("has unexpected", named(extra)));
        }
    }

    /** As the files call them. */
    private List<String> named(Set<String> names) {
        return names.stream().map(name -> place(name).info.name()).toList();
    }

    /**
     * Whether two tensors hold the same numbers in the same shape.
     *
     * @throws FileSystemException as {@link #floats}
     */
    public boolean isSame(String one, String other) throws IOException {
        Place first = place(one);
        Place second = place(other);
        if (!first.info.shape().equals(second.info.shape())) {
            return false;
        }
        if (first.info.type() != second.info.type()) {
            return Arrays.equals(
                    first.file.floats(first.info.name()), second.file.floats(second.info.name()));
        }
        Sha256 left = new Sha256();
        Sha256 right = new Sha256();
        first.file.pieces(first.info.name(), left::add);
        second.file.pieces(second.info.name(), right::add);
        return left.hex().equals(right.hex());
    }

    /**
     * The identity of the weights: SHA-256 over name, type, shape and bytes of every tensor, by
     * name, in hexadecimal. It is the same for one file and for shards, with and without {@code
     * transformer.}.
     */
    public String sha256() throws IOException {
        return sha256(names());
    }

    /**
     * The identity of some tensors, by {@link #sha256()}'s rule.
     *
     * @throws IllegalArgumentException if one of them is not there
     */
    public String sha256(Collection<String> some) throws IOException {
        Sha256 hash = new Sha256();
        for (String name : new TreeSet<>(some)) {
            Place place = place(name);
            hash.add(name).add(place.info.type().name()).add(place.info.shape().toString());
            place.file.pieces(place.info.name(), hash::add);
        }
        return hash.hex();
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException(source + " has no tensor " + name);
        }
        return place;
    }

    private static boolean has(SafetensorsFile file, String name) {
        return file.tensors().containsKey(name) || file.otherTypes().containsKey(name);
    }

    /** Adds what a file holds, but what the index says to lie elsewhere. */
    private static void add(
            Map<String, Place> places,
            SafetensorsFile file,
            Map<String, String> shards,
            UnaryOperator<String> naming)
            throws FileSystemException {
        String fileName = file.path().getFileName().toString();
        for (Map.Entry<String, String> other : file.otherTypes().entrySet()) {
            if (!BUFFER.matcher(unwrapped(other.getKey())).matches()) {
                throw FileFault.of(
                        file.path(),
                        "tensor %s has type %s, expected F32, F16, BF16 or I64"
                                .formatted(other.getKey(), other.getValue()));
            }
        }
        for (TensorInfo info : file.tensors().values()) {
            boolean here = shards.getOrDefault(info.name(), fileName).equals(fileName);
            if (!here || BUFFER.matcher(unwrapped(info.name())).matches()) {
                continue;
            }
            Place old = places.putIfAbsent(naming.apply(info.name()), new Place(file, info));
            if (old != null) {
                throw FileFault.of(
                        file.path(),
                        "tensor %s is there a second time: %s in %s"
                                .formatted(info.name(), old.info.name(), old.file.path()));
            }
        }
    }

    private static String canonical(String wrapped) {
        String name = unwrapped(wrapped);
        boolean whole = name.startsWith(PREFIX) || HEADS.contains(name);
        return whole ? name : PREFIX + name;
    }

    /** Without what DataParallel and torch.compile put before the names of what they wrap. */
    private static String unwrapped(String name) {
        int begin = 0;
        for (int at = begin; at >= 0; begin = Math.max(begin, at)) {
            at = -1;
            for (String wrapper : WRAPPERS) {
                at = name.startsWith(wrapper, begin) ? begin + wrapper.length() : at;
            }
        }
        return name.substring(begin);
    }

    private static Map<String, String> shards(Path index) throws IOException {
        JsonNode map = JsonFile.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw FileFault.of(index, "weight_map: expected an object of tensors and files");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asText();
            boolean plain = entry.getValue().isTextual() && shard.matches("[\\w.-]+\\.safetensors");
            if (!plain) {
                throw FileFault.of(
                        index,
                        "weight_map.%s: expected the name of a .safetensors file beside it, found %s"
                                .formatted(entry.getKey(), entry.getValue()));
            }
            shards.put(entry.getKey(), shard);
        }
        return shards;
    }

    private static String noWeights(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "is not a folder";
        }
        String looked = "has no weights: expected %s or %s".formatted(SINGLE, INDEX);
        return Files.exists(folder.resolve(PICKLE))
                ? looked + "; " + PICKLE + " is a pickle, which is not read"
                : looked;
    }

    private static String listed(String verb, Collection<String> names) {
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return "%s %d tensor%s: %s%s"
                .formatted(
                        verb,
                        names.size(),
                        names.size() == 1 ? "" : "s",
                        first,
                        names.size() > SHOWN ? ", …" : "");
    }
}
