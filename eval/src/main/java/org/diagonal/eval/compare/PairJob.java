package org.diagonal.eval.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;

/**
 * Two finished models side by side.
 *
 * @param first what the other is compared with
 * @param second the other
 * @param measuring how both are measured
 * @param <E> one model's measurement
 */
public record PairJob<E extends Record>(
        ModelSource first, ModelSource second, Measuring<E> measuring) {

    /**
     * Measures and compares.
     *
     * @param out where {@code compare.json} goes, if it is kept
     * @throws IllegalArgumentException if these models cannot be compared, or the folder holds
     *     another comparison; before anything is measured
     */
    public Comparison run(Workplace place, Optional<Path> out) throws IOException {
        Measuring<E> fit = measuring.forPair(place, first, second);
        if (out.isPresent()) {
            ComparisonFile.OUT.require(out.get());
            List<String> names = List.of(first.name(), second.name());
            ComparisonFile.requireSame(
                    out.get(), names, 1, fit.byKey(place, Start.pretrained(first)));
            if (Files.exists(out.get().resolve(ComparisonFile.NAME))) {
                throw new SettingException(
                        out.get() + " holds a comparison already; choose another folder",
                        Setting.OUT);
            }
        }
        E reference = fit.measure(place, first);
        Comparison.Arm one = arm(fit, first, reference, Optional.empty());
        Comparison.Arm two = arm(fit, second, fit.measure(place, second), Optional.of(reference));
        Comparison result =
                new Comparison(
                        ComparisonFile.VERSION,
                        Optional.empty(),
                        fit.measured(reference),
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(one, two),
                        place.versions());
        if (out.isPresent()) {
            ComparisonFile.write(out.get(), result);
        }
        return result;
    }

    private static <E extends Record> Comparison.Arm arm(
            Measuring<E> measuring, ModelSource model, E measured, Optional<E> reference)
            throws IOException {
        return new Comparison.Arm(
                model.name(),
                model.config().scalings().arm(),
                measuring.scores(List.of(measured)),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                List.of(model.folder().toString()),
                measuring.steps(List.of(measured)),
                reference.map(
                        first -> measuring.effect(List.of(0L), List.of(first), List.of(measured))),
                Optional.empty());
    }
}
