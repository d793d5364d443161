package org.diagonal.plugin.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.diagonal.plugin.checkpoint.SafetensorsWriter.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of headers that are well-formed, and what is said of those that are not. */
@Tag("slow")
class SafetensorsHeaderTest {

    private static Path scratch; // properties know no @TempDir

    @TempDir private Path folder;

    @BeforeContainer
    static void makeScratch() throws IOException {
        scratch = Files.createTempDirectory("headers").resolve("property.safetensors");
    }

    @AfterContainer
    static void removeScratch() throws IOException {
        Files.deleteIfExists(scratch);
        Files.delete(scratch.getParent());
    }

    private record Described(String name, TensorType type, List<Long> shape, byte fill) {

        Entry entry() {
            byte[] bytes = new byte[(int) TensorInfo.byteSize(type, shape)];
            Arrays.fill(bytes, fill);
            return new Entry(name, type, shape, () -> ByteBuffer.wrap(bytes));
        }
    }

    @Provide
    Arbitrary<List<Described>> tensors() {
        Arbitrary<String> names =
                Arbitraries.strings()
                        .filter(name -> !name.equals("__metadata__"))
                        .filter(name -> StandardCharsets.UTF_8.newEncoder().canEncode(name));
        return Combinators.combine(
                        names,
                        Arbitraries.of(TensorType.class),
                        Arbitraries.longs().between(0, 4).list().ofMaxSize(5),
                        Arbitraries.bytes())
                .as(Described::new)
                .list()
                .ofMaxSize(12)
                .uniqueElements(Described::name);
    }

    @Property(tries = 200)
    void whateverIsWrittenIsReadAgain(@ForAll("tensors") List<Described> tensors)
            throws IOException {
        SafetensorsWriter.write(
                scratch, tensors.stream().map(Described::entry).toList(), Map.of("a\n\"", "ü"));
        SafetensorsFile read = SafetensorsFile.open(scratch);
        assertThat(read.metadata()).containsExactly(Map.entry("a\n\"", "ü"));
        assertThat(read.tensors()).hasSize(tensors.size());
        for (Described tensor : tensors) {
            TensorInfo info = read.tensors().get(tensor.name);
            assertThat(info.type()).isEqualTo(tensor.type);
            assertThat(info.shape()).isEqualTo(tensor.shape);
            assertThat(read.data(tensor.name)).isEqualTo(tensor.entry().data().get());
        }
        assertThat(Files.size(scratch) - dataSize(read)).satisfies(n -> assertThat(n % 8).isZero());
    }

    private static long dataSize(SafetensorsFile file) {
        return file.tensors().values().stream().mapToLong(TensorInfo::size).sum();
    }

    @Property(tries = 1000)
    void aHeaderWithAnyByteChangedOpensOrSaysWhy(
            @ForAll @IntRange(max = 215) int place, @ForAll byte value) throws IOException {
        byte[] bytes = small();
        bytes[place % bytes.length] = value;
        Files.write(scratch, bytes);
        assertOpensOrSaysWhy(scratch);
    }

    @Property(tries = 300)
    void anyBytesAfterALengthOpenOrSayWhy(@ForAll byte[] text) throws IOException {
        Files.write(scratch, file(text, 0));
        assertOpensOrSaysWhy(scratch);
    }

    private static void assertOpensOrSaysWhy(Path file) {
        try {
            SafetensorsFile.open(file);
        } catch (IOException e) {
            assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n", "\r");
        }
    }

    @Test
    void aFileCutAtAnyLengthIsTruncated() throws IOException {
        Path file = folder.resolve("cut.safetensors");
        byte[] whole = small();
        Files.write(file, whole);
        assertThat(SafetensorsFile.open(file).tensors()).hasSize(2);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int found = length;
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .hasMessageMatching(
                            ".*cut\\.safetensors: is truncated: expected .*\\d+ bytes.*")
                    .hasMessageEndingWith(", found " + found);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage(
                        "%s: is too long: expected %d bytes, found %d"
                                .formatted(file, whole.length, whole.length + 1));
    }

    /** Two tensors of 8 and 6 bytes. */
    private static byte[] small() {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]}}";
        return file(header.getBytes(StandardCharsets.UTF_8), 14);
    }

    private static byte[] file(byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedHeadersAreRefusedInOneLineThatNamesTheFile(String header, String why)
            throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, file(header.getBytes(StandardCharsets.UTF_8), 8));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .message()
                .startsWith(file + ": ")
                .hasLineCount(1);
    }

    static Stream<String[]> malformed() {
        String whole = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";
        List<String[]> cases = new ArrayList<>();
        cases.add(new String[] {"[1, 2]", "the header: expected START_OBJECT"});
        cases.add(new String[] {"{\"a\"  ", "bad header"});
        cases.add(new String[] {"{\"a\":1}", "a: expected START_OBJECT"});
        cases.add(new String[] {"{\"a\":{}}", "a: expected dtype, shape and two data_offsets"});
        cases.add(new String[] {"{\"a\":{" + whole + "}} {}", "text after"});
        cases.add(new String[] {"{\"a\":{" + whole + "},\"a\":{" + whole + "}}", "Duplicate"});
        cases.add(new String[] {"{\"a\":{" + whole + ",\"shape\":[2]}}", "Duplicate"});
        cases.add(new String[] {"{\"__metadata__\":{\"a\":1}}", "__metadata__.a: expected"});
        cases.add(new String[] {"{\"__metadata__\":[]}", "__metadata__: expected"});
        cases.add(new String[] {tensor("8", "[2]", "[0,8]"), "a.dtype: expected VALUE_STRING"});
        cases.add(new String[] {tensor("\"F32\"", "2", "[0,8]"), "a.shape: expected START_ARRAY"});
        cases.add(new String[] {tensor("\"F32\"", "[-2]", "[0,8]"), "must not be negative"});
        cases.add(new String[] {tensor("\"F32\"", "[2.0]", "[0,8]"), "a.shape: expected"});
        cases.add(new String[] {tensor("\"F32\"", "[[2]]", "[0,8]"), "a.shape: expected"});
        cases.add(new String[] {tensor("\"F32\"", "[2", "[0,8]"), "a.shape: expected"});
        cases.add(new String[] {tensor("\"F32\"", "[2]", "[0]"), "two data_offsets"});
        cases.add(new String[] {tensor("\"F32\"", "[2]", "[0,4,8]"), "two data_offsets"});
        cases.add(new String[] {tensor("\"F32\"", "[3]", "[0,8]"), "must span 12 bytes"});
        cases.add(new String[] {tensor("\"F32\"", "[2]", "[8,0]"), "expected them to begin at 0"});
        cases.add(new String[] {tensor("\"F32\"", "[1]", "[4,8]"), "expected them to begin at 0"});
        cases.add(new String[] {tensor("\"F32\"", "[2]", "[0,-8]"), "must not be negative"});
        cases.add(new String[] {tensor("\"F32\"", "[4]", "[0,16]"), "is truncated: expected"});
        cases.add(new String[] {tensor("\"F32\"", "[1]", "[0,4]"), "is too long: expected"});
        String huge = "[4611686018427387904,4611686018427387904]";
        cases.add(new String[] {tensor("\"F32\"", huge, "[0,8]"), "shape is too large"});
        cases.add(
                new String[] {tensor("\"F32\"", "[18446744073709551616]", "[0,8]"), "bad header"});
        cases.add(
                new String[] {
                    tensor("\"F32\"", "[2]", "[0,9223372036854775807]"), "is truncated: expected"
                });
        cases.add(
                new String[] {
                    "{\"a\":{"
                            + whole
                            + "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                    "tensor b has offsets 4 to 8, expected them to begin at 8"
                });
        cases.add(new String[] {"[".repeat(5000), "bad header"});
        cases.add(new String[] {"{\"a\":{\"x\":" + "[".repeat(5000), "bad header"});
        cases.add(
                new String[] {
                    tensor("\"F32\"", "[" + "1,".repeat(99) + "2]", "[0,8]"), "more than 64"
                });
        cases.add(new String[] {"{\"a\\nb\":1}", "a\\u000ab: expected START_OBJECT"});
        cases.add(new String[] {"{\"" + "n".repeat(9000) + "\":1}", "…"});
        return cases.stream();
    }

    private static String tensor(String type, String shape, String offsets) {
        return "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(type, shape, offsets);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void impossibleHeaderLengthsAreRefusedWithoutAllocatingThem(long length) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage(
                        file
                                + ": is not a safetensors file: header length must be 2 to"
                                + " 100000000 bytes, found "
                                + Long.toUnsignedString(length));
    }

    @Test
    void invalidUtf8IsRefused() throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, file(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, 0));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": bad header");
    }

    @Test
    void otherTypesAreListedAndRefusedByNameWhenRead() throws IOException {
        Path file = folder.resolve("other.safetensors");
        String header = tensor("\"BOOL\"", "[8]", "[0,8]");
        Files.write(file, file(header.getBytes(StandardCharsets.UTF_8), 8));
        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.tensors()).isEmpty();
        assertThat(read.otherTypes()).containsExactly(Map.entry("a", "BOOL"));
        assertThatThrownBy(() -> read.data("a"))
                .hasMessage(file + ": tensor a has type BOOL, expected F32, F16, BF16 or I64");
        assertThatThrownBy(() -> read.data("b")).hasMessage(file + ": has no tensor b");
    }

    @Test
    void missingFilesAndFoldersAreNamed() {
        Path missing = folder.resolve("none");
        assertThatThrownBy(() -> SafetensorsFile.open(missing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .hasMessage(folder + ": is not a file");
    }
}
