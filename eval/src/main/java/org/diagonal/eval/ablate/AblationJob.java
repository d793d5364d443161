package org.diagonal.eval.ablate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * Measures a model with its scalings multiplied, and with each of them taken away or left alone.
 *
 * @param subject the model, and what it is measured on
 * @param <E> a measurement
 */
public record AblationJob<E>(Subject<E> subject) {

    /** The factors of a curve; 1 is the model as trained. */
    static final List<Double> FACTORS = List.of(0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5);

    private static final OutFolder OUT =
            new OutFolder("ablation", Ablation.FORM.file(), "ablate\\.json");

    /**
     * Measures.
     *
     * @param out where {@code ablate.json} and {@code ablate.csv} go, if they are kept
     * @throws IllegalArgumentException if the model has no scalings, cannot be measured like that,
     *     or the folder holds another ablation; before anything is measured
     */
    public Ablation run(Workplace place, Optional<Path> out) throws IOException {
        Model model = subject.model();
        if (out.isPresent()) {
            OUT.require(out.get());
            requireSame(place, out.get(), model);
        }
        Ablation ablation =
                subject.with(
                        place, loaded -> new Measurements<>(place, subject, loaded).all(model));
        if (out.isPresent()) {
            write(out.get(), ablation);
        }
        return ablation;
    }

    /** Writes the files, the JSON last. */
    private static void write(Path folder, Ablation ablation) throws IOException {
        AtomicFiles.writeString(folder.resolve(AblationTable.FILE), AblationTable.text(ablation));
        Ablation.FORM.write(folder, ablation);
    }

    /** Refuses a folder that holds the ablation of another model or text. */
    private void requireSame(Workplace place, Path folder, Model model) throws IOException {
        if (!Ablation.FORM.isIn(folder)) {
            return;
        }
        Ablation found = Ablation.FORM.read(folder);
        if (!found.model().isSame(model) || !subject.isSame(place, found)) {
            throw new SettingException(
                    "%s holds another ablation, of %s on %s; choose another folder"
                            .formatted(folder, found.model().name(), found.data()),
                    Setting.OUT);
        }
    }
}
