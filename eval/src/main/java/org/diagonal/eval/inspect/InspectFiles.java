package org.diagonal.eval.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.identity.DiagonalStatistics;

/**
 * {@code heads.csv} and {@code inspect.json}; {@code heads-against.csv} where there is a model
 * before.
 */
final class InspectFiles {

    static final String CSV = "heads.csv";
    static final String CSV_BEFORE = "heads-against.csv";
    static final String JSON = "inspect.json";

    private static final int VERSION = 1;
    private static final MathContext DIGITS = new MathContext(7);
    private static final MathContext DIGITS_OF_PICTURES = new MathContext(3);

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT
                    .builder()
                    .setRecordSeparator('\n')
                    .setHeader(
                            "layer",
                            "head",
                            "circuit",
                            "folded",
                            "diag_mean",
                            "diag_std",
                            "off_mean",
                            "off_std",
                            "z",
                            "diag_share",
                            "trace_over_d",
                            "learned",
                            "p",
                            "p_adjusted")
                    .get();

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper ONE_LINE = new ObjectMapper();

    /** A line for every head and for every row of a thumbnail. */
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private InspectFiles() {}

    /**
     * Refuses a folder that holds the heads of another model, which would be overwritten.
     *
     * @throws FileSystemException if it holds what a newer program wrote
     */
    static void requireSame(Path folder, InspectedModel model, Optional<InspectedModel> against)
            throws IOException {
        Path file = folder.resolve(JSON);
        if (!Files.exists(file)) {
            return;
        }
        JsonNode found = JsonFile.read(file);
        if (found.path("version").asInt() != VERSION) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "version must be %d, found %s".formatted(VERSION, found.path("version")));
        }
        boolean same =
                identity(found.path("model")).equals(model.identity())
                        && identity(found.path("against"))
                                .equals(against.map(InspectedModel::identity).orElse(""));
        if (!same) {
            throw new IllegalArgumentException(
                    "%s holds the heads of %s, which are others; choose another --out"
                            .formatted(folder, found.path("model").path("name").asText()));
        }
    }

    private static String identity(JsonNode model) {
        String adapter = model.path("adapter_sha256").asText();
        return model.path("attention_sha256").asText() + (adapter.isEmpty() ? "" : "+" + adapter);
    }

    /** Writes the files, the JSON last. */
    static void write(Path folder, InspectResult result) throws IOException {
        AtomicFiles.writeString(folder.resolve(CSV), csv(result.rows()));
        if (result.against().isPresent()) {
            AtomicFiles.writeString(folder.resolve(CSV_BEFORE), csv(result.before()));
        }
        AtomicFiles.writeString(folder.resolve(JSON), json(result));
    }

    private static String csv(List<HeadDiagonal> rows) throws IOException {
        StringWriter text = new StringWriter();
        int heads = rows.size() / InspectResult.ROWS_OF_A_HEAD;
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (HeadDiagonal row : rows) {
                DiagonalStatistics statistics = row.statistics();
                printer.printRecord(
                        row.layer(),
                        row.head(),
                        row.circuit(),
                        row.folded(),
                        cell(statistics.diagMean()),
                        cell(statistics.diagStd()),
                        cell(statistics.offMean()),
                        cell(statistics.offStd()),
                        cell(row.z()),
                        cell(statistics.diagShare()),
                        cell(statistics.traceOverD()),
                        row.learned().isPresent() ? cell(row.learned().getAsDouble()) : "",
                        cell(row.p()),
                        cell(RandomHeads.adjusted(row.p(), heads)));
            }
        }
        return text.toString();
    }

    private static String cell(double value) {
        return Double.isFinite(value) ? Double.toString(rounded(value, DIGITS)) : "";
    }

    private static double rounded(double value, MathContext digits) {
        return new BigDecimal(value).round(digits).doubleValue();
    }

    /** As {@link InspectResult} describes it. */
    private static String json(InspectResult result) throws JsonProcessingException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", VERSION);
        root.set("model", json(result.model()));
        result.against().ifPresent(model -> root.set("against", json(model)));
        root.put("seed", result.seed());
        put(root, "error_rate", RandomHeads.ERROR_RATE);
        ArrayNode baseline = root.putArray("baseline");
        result.baselines().forEach(random -> baseline.add(json(random)));
        ArrayNode heads = root.putArray("heads");
        int number = result.rows().size() / InspectResult.ROWS_OF_A_HEAD;
        for (HeadDiagonal row : result.rows()) {
            heads.addRawValue(oneLine(json(row, result.before(row), number)));
        }
        ArrayNode strongest = root.putArray("strongest");
        for (Closeup closeup : result.closeups()) {
            strongest.add(json(closeup));
        }
        root.set("versions", MAPPER.valueToTree(new TreeMap<>(result.versions())));
        return MAPPER.writer(PRINTER).writeValueAsString(root) + "\n";
    }

    private static RawValue oneLine(JsonNode node) throws JsonProcessingException {
        return new RawValue(ONE_LINE.writeValueAsString(node));
    }

    private static ObjectNode json(InspectedModel model) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", model.name());
        node.put("attention_sha256", model.attentionSha256());
        model.adapterSha256().ifPresent(hash -> node.put("adapter_sha256", hash));
        node.put("n_layer", model.layers());
        node.put("n_head", model.heads());
        node.put("n_embd", model.width());
        node.put("scalings", model.scalings());
        return node;
    }

    private static ObjectNode json(RandomHeads random) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("circuit", random.circuit().name());
        node.put("folded", random.folded());
        node.put("heads", random.heads());
        put(node, "p_bar", random.pBar());
        put(node, "z_bar", random.zBar());
        put(node, "z_mean", random.zMean());
        put(node, "z_std", random.zStd());
        put(node, "z_largest", random.zLargest());
        put(node, "share_largest", random.shareLargest());
        return node;
    }

    private static ObjectNode json(HeadDiagonal row, Optional<HeadDiagonal> before, int heads) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("layer", row.layer());
        node.put("head", row.head());
        node.put("circuit", row.circuit().name());
        node.put("folded", row.folded());
        putNumbers(node, row, heads);
        put(node, "random_z", row.random().z());
        put(node, "random_share", row.random().diagShare());
        before.ifPresent(same -> putNumbers(node.putObject("against"), same, heads));
        return node;
    }

    private static void putNumbers(ObjectNode node, HeadDiagonal row, int heads) {
        DiagonalStatistics statistics = row.statistics();
        put(node, "diag_mean", statistics.diagMean());
        put(node, "diag_std", statistics.diagStd());
        put(node, "off_mean", statistics.offMean());
        put(node, "off_std", statistics.offStd());
        put(node, "z", row.z());
        put(node, "diag_share", statistics.diagShare());
        put(node, "trace_over_d", statistics.traceOverD());
        row.learned().ifPresent(value -> put(node, "learned", value));
        put(node, "sum", row.sum());
        put(node, "p", row.p());
        put(node, "p_adjusted", RandomHeads.adjusted(row.p(), heads));
    }

    private static ObjectNode json(Closeup closeup) throws JsonProcessingException {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("layer", closeup.of().layer());
        node.put("head", closeup.of().head());
        node.put("circuit", closeup.of().circuit().name());
        put(node, "z", closeup.of().z());
        ObjectNode thumbnail = node.putObject("thumbnail");
        thumbnail.put("cells", closeup.cells());
        ArrayNode rows = thumbnail.putArray("rows");
        for (int r = 0; r < closeup.cells(); r++) {
            ArrayNode row = MAPPER.createArrayNode();
            closeup.means().subList(r * closeup.cells(), (r + 1) * closeup.cells()).stream()
                    .map(mean -> rounded(mean, DIGITS_OF_PICTURES))
                    .forEach(row::add);
            rows.addRawValue(oneLine(row));
        }
        ObjectNode histogram = node.putObject("histogram");
        put(histogram, "low", closeup.low());
        put(histogram, "high", closeup.high());
        histogram.putRawValue("diagonal", oneLine(MAPPER.valueToTree(closeup.diagonal())));
        histogram.putRawValue("off_diagonal", oneLine(MAPPER.valueToTree(closeup.others())));
        return node;
    }

    private static void put(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, rounded(value, DIGITS));
        }
    }
}
