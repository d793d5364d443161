package org.diagonal.eval.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.gpt2.AttentionLayer;
import org.diagonal.plugin.gpt2.AttentionWeights;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.CentredGain;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.FactoredMatrix;
import org.diagonal.plugin.identity.Spectrum;
import org.diagonal.plugin.random.RandomStream;

/**
 * Measures the diagonals of every head of a model. Reads one layer at a time and loads no engine.
 *
 * @param model whose heads
 * @param against the same model at another time, such as before its training
 * @param seed of the random matrices that are shown beside the heads
 * @param parallel whether the heads of a layer are measured side by side; changes no number
 */
public record InspectJob(
        ModelSource model, Optional<ModelSource> against, long seed, boolean parallel) {

    private static final OutFolder OUT =
            new OutFolder("inspection", Inspection.FORM.file(), "inspect\\.json");

    /** Heads of each circuit that are looked at closely. */
    private static final int CLOSEUPS = 3;

    /**
     * Measures.
     *
     * @param out where {@code heads.csv} and {@code inspect.json} go, if they are kept
     * @throws IOException if a tensor is missing, misshapen or not finite, naming it
     * @throws IllegalArgumentException if the two models differ in shape, or the folder holds an
     *     inspection of another model; before anything is measured
     */
    public Inspection run(Map<String, String> versions, Reporter reporter, Optional<Path> out)
            throws IOException {
        AttentionWeights weights = open(model);
        Inspection.Model named = Inspection.Model.of(model, weights);
        Optional<Inspection.Model> other = Optional.empty();
        List<HeadDiagonal> before = List.of();
        Optional<AttentionWeights> reference = Optional.empty();
        if (against.isPresent()) {
            reference = Optional.of(open(against.get()));
            other = Optional.of(Inspection.Model.of(against.get(), reference.get()));
            requireSameShape(named, other.get());
        }
        if (out.isPresent()) {
            OUT.require(out.get());
            requireSame(out.get(), named, other);
        }
        List<HeadDiagonal> rows = rows(weights, reporter);
        if (reference.isPresent()) {
            before = rows(reference.get(), reporter);
        }
        Inspection inspection =
                Inspection.of(named, other, seed, rows, before, closeups(weights, rows), versions);
        if (out.isPresent()) {
            write(out.get(), inspection);
        }
        return inspection;
    }

    /** Refuses a folder that holds the heads of another model, which would be overwritten. */
    private static void requireSame(
            Path folder, Inspection.Model model, Optional<Inspection.Model> against)
            throws IOException {
        if (!Inspection.FORM.isIn(folder)) {
            return;
        }
        Inspection found = Inspection.FORM.read(folder);
        boolean isSame =
                found.model().isSame(model)
                        && found.against().isPresent() == against.isPresent()
                        && against.stream().allMatch(found.against().orElse(model)::isSame);
        if (!isSame) {
            throw new SettingException(
                    "%s holds the heads of another model, %s; choose another folder"
                            .formatted(folder, found.model().name()),
                    Setting.OUT);
        }
    }

    /** Writes the files, the JSON last. */
    private static void write(Path folder, Inspection inspection) throws IOException {
        AtomicFiles.writeString(
                folder.resolve(HeadsTable.FILE), HeadsTable.text(inspection, false));
        if (inspection.against().isPresent()) {
            AtomicFiles.writeString(
                    folder.resolve(HeadsTable.FILE_AGAINST), HeadsTable.text(inspection, true));
        }
        Inspection.FORM.write(folder, inspection);
    }

    private static AttentionWeights open(ModelSource source) throws IOException {
        return AttentionWeights.open(source.folder(), source.adapter());
    }

    private static void requireSameShape(Inspection.Model one, Inspection.Model other) {
        if (!one.shape().equals(other.shape())) {
            throw new IllegalArgumentException(
                    "models of different shapes have no head in common: %s of %s, and %s of %s"
                            .formatted(one.shape(), one.name(), other.shape(), other.name()));
        }
    }

    private List<HeadDiagonal> rows(AttentionWeights weights, Reporter reporter)
            throws IOException {
        int heads = weights.config().nHead();
        List<HeadDiagonal> rows = new ArrayList<>();
        CentredGain none = CentredGain.none(weights.config().nEmbd());
        try (Reporter.Task task = reporter.begin("Layers", weights.config().nLayer())) {
            for (int n = 0; n < weights.config().nLayer(); n++) {
                AttentionLayer layer = weights.layer(n);
                Gains gains = Gains.of(layer, none);
                int number = n;
                IntStream all = IntStream.range(0, heads);
                (parallel ? all.parallel() : all)
                        .mapToObj(head -> rows(layer, gains, number, head))
                        .flatMap(List::stream)
                        .forEachOrdered(rows::add);
                task.step(n + 1, "");
            }
        }
        return rows;
    }

    /** Both circuits of a head, each without and with the gain. */
    private List<HeadDiagonal> rows(AttentionLayer layer, Gains gains, int number, int head) {
        List<HeadDiagonal> rows = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            FactoredMatrix matrix = layer.circuit(circuit, head);
            Spectrum spectrum = matrix.spectrum();
            FactoredMatrix random =
                    FactoredMatrix.random(
                            matrix,
                            RandomStream.RANDOM_HEADS.generator(
                                    seed, number, head, circuit == Circuit.QK ? 0 : 1));
            rows.add(
                    new HeadDiagonal(
                            number,
                            head,
                            circuit,
                            false,
                            matrix.statistics(spectrum),
                            layer.learned(circuit, head),
                            1,
                            DiagonalChance.of(spectrum, matrix.rank(), gains.none()),
                            random.statistics()));
            rows.add(
                    new HeadDiagonal(
                            number,
                            head,
                            circuit,
                            true,
                            layer.folded(circuit, matrix).statistics(),
                            layer.learned(circuit, head),
                            layer.foldedIdentity(circuit),
                            DiagonalChance.of(spectrum, matrix.rank(), gains.folded().get(circuit)),
                            layer.folded(circuit, random).statistics()));
        }
        return rows;
    }

    /** How the diagonals of a layer's heads are read. */
    private record Gains(CentredGain none, Map<Circuit, CentredGain> folded) {

        private static Gains of(AttentionLayer layer, CentredGain none) {
            Map<Circuit, CentredGain> folded = new EnumMap<>(Circuit.class);
            for (Circuit circuit : Circuit.values()) {
                folded.put(circuit, layer.foldedGain(circuit));
            }
            return new Gains(none, folded);
        }
    }

    private static List<Closeup> closeups(AttentionWeights weights, List<HeadDiagonal> rows)
            throws IOException {
        List<HeadDiagonal> wanted =
                Stream.of(Circuit.values()).flatMap(circuit -> strongest(rows, circuit)).toList();
        List<Closeup> closeups = new ArrayList<>();
        for (HeadDiagonal row : wanted) {
            FactoredMatrix matrix = weights.layer(row.layer()).circuit(row.circuit(), row.head());
            closeups.add(Closeup.of(row, matrix));
        }
        return closeups;
    }

    private static Stream<HeadDiagonal> strongest(List<HeadDiagonal> rows, Circuit circuit) {
        return rows.stream()
                .filter(row -> row.circuit() == circuit && !row.folded())
                .sorted(HeadDiagonal.STRONGEST_FIRST)
                .limit(CLOSEUPS);
    }

    /**
     * Checks that the model has a head.
     *
     * @throws IllegalArgumentException saying which there are
     */
    public void requireHead(int layer, int head) throws IOException {
        Gpt2Config config = open(model).config();
        int layers = config.nLayer();
        int heads = config.nHead();
        if (layer >= layers || head >= heads) {
            throw new IllegalArgumentException(
                    "there is no head %d.%d: %s has layers 0 to %d and heads 0 to %d"
                            .formatted(layer, head, model.name(), layers - 1, heads - 1));
        }
    }

    /** One head's matrix, its gain not folded in. */
    public FactoredMatrix matrix(int layer, int head, Circuit circuit) throws IOException {
        return open(model).layer(layer).circuit(circuit, head);
    }
}
