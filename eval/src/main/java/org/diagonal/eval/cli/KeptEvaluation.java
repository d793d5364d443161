package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.cli.option.ChangeOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.evaluate.TaskScoresText;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.trial.KeptNetwork;
import org.diagonal.eval.trial.TemplateTrials;

/**
 * {@code diagonal evaluate} of a network that a trial of a curve or a sweep kept.
 *
 * @param model its folder as the user named it
 */
record KeptEvaluation(GlobalOptions global, JsonOption json, String model) {

    /** Whether a model is such a network. */
    static boolean isFor(String model) {
        return KeptNetwork.isIn(Path.of(model));
    }

    int run(Optional<String> data, TaskOptions tasks, TaskOptions.Test strings, Backend runtime)
            throws IOException {
        check(data, runtime);
        KeptNetwork own = KeptNetwork.read(Path.of(model));
        KeptNetwork kept =
                data.isPresent() ? own.on(TemplateTrials.task(TaskOptions.name(data.get()))) : own;
        int count = strings.samples(global, kept.trial().samples().test());
        long seed = tasks.seed(global, kept.trial().seed());
        Workplace place = new Requests(global).workplace(kept.trial().training().precision());
        TaskScores scores = kept.measure(place, model, count, seed);
        json.write(TaskScores.FORM.text(scores));
        PrintWriter words = json.words();
        TaskScoresText.write(scores, words);
        words.println("Trial         " + kept.trial().words());
        boolean again =
                kept.trial().tested().sha256().equals(own.trial().tested().sha256())
                        && count == own.trial().samples().test()
                        && seed == own.trial().seed();
        if (again) {
            words.println(
                    "As recorded   " + kept.difference(scores).map(this::other).orElse("yes"));
        }
        words.flush();
        return 0;
    }

    private String other(Records.Difference other) {
        return "no: %s was %s when it was trained, and is %s here"
                .formatted(other.key(), other.first(), other.second());
    }

    /** Refuses options that the network of a trial decides, or that are for other models. */
    static void refuseOthers(GlobalOptions global, String model) {
        String own = "is the trial's own: %s has it in trial.json".formatted(model);
        global.refuse(own, List.of("--alphabets", "--train-alphabet", "--symbols", "--precision"));
        global.refuse("is for texts, and %s reads symbols".formatted(model), Purpose.Of.TEXTS);
        global.refuse("is not for the network of a trial", List.of("--adapter", "--dtype"));
    }

    private void check(Optional<String> data, Backend runtime) {
        refuseOthers(global, model);
        ChangeOptions.refuse(global, "is not for the network of a trial; diagonal ablate takes it");
        if (runtime == Backend.ONNX) {
            throw global.wrong("--runtime onnx is not for the network of a trial");
        }
        if (data.isPresent() && !TaskOptions.isTask(data.get())) {
            throw global.wrong(
                    "--data: %s reads template tasks, task:NAME or task:FILE.yaml, not '%s'"
                            .formatted(model, data.get()));
        }
    }
}
