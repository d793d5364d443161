package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.diagonal.eval.ablate.Ablation.Curve;
import org.diagonal.eval.ablate.Ablation.Dose;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.ablate.Ablation.Single;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.identity.ScalingFactors;

/**
 * All measurements of one model. A scaling that is zero is not measured: nothing changes without
 * it.
 *
 * @param <E> a measurement
 */
final class Measurements<E> {

    private final Workplace place;
    private final Reporter reporter;
    private final Subject<E> subject;
    private final LoadedModel<E> model;
    private final LearnedNumbers learned;
    private final E trained;
    private final Map<List<Double>, E> doses = new HashMap<>();
    private int done;

    /** Measures the model as it is. */
    Measurements(Workplace place, Subject<E> subject, LoadedModel<E> model) throws IOException {
        this.subject = subject;
        this.reporter = place.reporter();
        this.model = model;
        this.learned = LearnedNumbers.of(model.network());
        this.trained = model.measure(place);
        this.place =
                new Workplace(
                        place.hub(),
                        place.tokens(),
                        place.device(),
                        place.threads(),
                        place.versions(),
                        new NoBars(reporter));
        doses.put(key(1, 1), trained);
    }

    /** The factors of what the model has: two ways to say the same are one measurement. */
    private List<Double> key(double qk, double ov) {
        return List.of(learned.has(Circuit.QK) ? qk : 0.0, learned.has(Circuit.OV) ? ov : 0.0);
    }

    /** Measures everything else. */
    Ablation all(Model named) throws IOException {
        List<Curve> curves =
                Stream.of(Curve.values())
                        .filter(curve -> curve.arm().circuits().stream().allMatch(learned::has))
                        .toList();
        int total = curves.size() * (AblationJob.FACTORS.size() - 1) + 2 * learned.moved();
        try (Reporter.Task task = reporter.begin("Ablating", Math.max(1, total))) {
            List<Dose> measured = new ArrayList<>();
            for (Curve curve : curves) {
                for (double t : AblationJob.FACTORS) {
                    measured.add(dose(curve, t));
                    task.step(done, "doses");
                }
            }
            E plain = measured(0, 0);
            List<Single> singles = new ArrayList<>();
            for (LearnedNumbers.One one : learned.all()) {
                singles.add(single(one, plain));
                task.step(done, "heads");
            }
            return new Ablation(
                    Ablation.FORM.version(),
                    named,
                    subject.text(trained),
                    subject.task(trained),
                    subject.scores(trained),
                    subject.scores(plain),
                    subject.change(trained, plain),
                    measured,
                    singles,
                    place.versions());
        }
    }

    private Dose dose(Curve curve, double t) throws IOException {
        E measured =
                measured(curve.arm().has(Circuit.QK) ? t : 1, curve.arm().has(Circuit.OV) ? t : 1);
        return new Dose(curve, t, subject.scores(measured), subject.change(trained, measured));
    }

    private E measured(double qk, double ov) throws IOException {
        List<Double> key = key(qk, ov);
        if (!doses.containsKey(key)) {
            doses.put(key, measure(ScalingFactors.of(qk, ov)));
        }
        return doses.get(key);
    }

    private E measure(ScalingFactors factors) throws IOException {
        done++;
        return model.measure(place, factors);
    }

    private Single single(LearnedNumbers.One one, E plain) throws IOException {
        Circuit circuit = one.circuit();
        Head head = one.head();
        boolean zero = one.value() == 0;
        E without = zero ? trained : measure(ScalingFactors.without(circuit, head));
        E alone = zero ? plain : measure(ScalingFactors.only(circuit, head));
        return new Single(
                circuit,
                head.layer(),
                head.head(),
                one.value(),
                subject.scores(without),
                subject.change(trained, without),
                subject.scores(alone),
                subject.change(trained, alone),
                subject.change(plain, alone));
    }

    /** Hands on what is said, and shows no single measurement. */
    private static final class NoBars implements Reporter {

        private final Reporter reporter;

        NoBars(Reporter reporter) {
            this.reporter = reporter;
        }

        @Override
        public Task begin(String name, long total) {
            return new Task() {
                @Override
                public void step(long done, String message) {}

                @Override
                public void note(String line) {
                    reporter.note(line);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void note(String line) {
            reporter.note(line);
        }
    }
}
