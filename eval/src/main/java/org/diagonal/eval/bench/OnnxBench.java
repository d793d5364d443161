package org.diagonal.eval.bench;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.diagonal.eval.record.Form;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.ExportedFile;
import org.diagonal.plugin.onnx.graph.Dtype;

/**
 * The result of {@code diagonal bench --runtime onnx}: the speed of exporting, decoding and
 * evaluating.
 *
 * @param version of the file's form
 * @param model the name of what was exported
 * @param past positions in the cache when a token is decoded
 * @param prompt tokens of a prompt that is read at once, and positions in the cache when a token is
 *     decoded after it
 * @param context tokens in an evaluated window
 * @param configurations one for each form of each arm, an arm's together
 * @param cpu the processor
 * @param versions what was loaded
 */
public record OnnxBench(
        int version,
        String model,
        Sizes sizes,
        int past,
        int prompt,
        int context,
        List<Configuration> configurations,
        String cpu,
        SortedMap<String, String> versions) {

    /** The form of the file. */
    public static final Form<OnnxBench> FORM =
            Form.of("bench.json", OnnxBench.class, 3, Map.of()).flat("sizes", Sizes.class);

    /**
     * One form of one arm. What DJL does, too, is measured of the arm's first form alone.
     *
     * @param scalings the circuits with scalings
     * @param dtype the form
     * @param tokenSeconds the median token decoded after {@code past} others
     * @param tokenRatio to the first arm's in the same form
     * @param tokenRatioOfForms to that of the same arm's first form
     * @param afterPromptSeconds, afterPromptRatio, afterPromptRatioOfForms the same after {@code
     *     prompt} others
     * @param promptSeconds the median prompt that was read at once
     * @param onnxWindowSeconds the median evaluation of a whole context in ONNX Runtime
     * @param djlWindowSeconds the same in DJL
     * @param windowRatio of the former to the latter
     * @param onnxTokenSeconds the median token that {@code generate} decodes after the prompt with
     *     ONNX Runtime
     * @param djlTokenSeconds the same in DJL, in turn with it
     * @param runtimeRatio of the former to the latter
     * @param exportWriteSeconds of the form until it was written
     * @param exportVerifySeconds of its check and the comparison with DJL
     * @param parameters of the network, the tied head counted once
     * @param fileRatio bytes of the file by four for each parameter
     * @param fileRatioOfForms bytes by those of the same arm's first form
     * @param exportPeakHeapBytes most of the Java heap in use during the export of the arm, garbage
     *     counted
     * @param largestDifference of a logit from DJL's
     */
    public record Configuration(
            Arm scalings,
            Dtype dtype,
            double tokenSeconds,
            double tokenRatio,
            double tokenRatioOfForms,
            double afterPromptSeconds,
            double afterPromptRatio,
            double afterPromptRatioOfForms,
            double promptSeconds,
            double promptTokensPerSecond,
            OptionalDouble onnxWindowSeconds,
            OptionalDouble djlWindowSeconds,
            OptionalDouble windowRatio,
            OptionalDouble onnxTokenSeconds,
            OptionalDouble djlTokenSeconds,
            OptionalDouble runtimeRatio,
            Optional<List<Double>> allOnnxWindowSeconds,
            Optional<List<Double>> allDjlWindowSeconds,
            Optional<List<Double>> allOnnxTokenSeconds,
            Optional<List<Double>> allDjlTokenSeconds,
            double exportWriteSeconds,
            double exportVerifySeconds,
            long fileBytes,
            long parameters,
            double fileRatio,
            double fileRatioOfForms,
            long exportPeakHeapBytes,
            double largestDifference,
            List<Double> allTokenSeconds,
            List<Double> allAfterPromptSeconds,
            List<Double> allPromptSeconds) {

        /** Copies the lists. */
        public Configuration {
            allOnnxWindowSeconds = allOnnxWindowSeconds.map(List::copyOf);
            allDjlWindowSeconds = allDjlWindowSeconds.map(List::copyOf);
            allOnnxTokenSeconds = allOnnxTokenSeconds.map(List::copyOf);
            allDjlTokenSeconds = allDjlTokenSeconds.map(List::copyOf);
            allTokenSeconds = List.copyOf(allTokenSeconds);
            allAfterPromptSeconds = List.copyOf(allAfterPromptSeconds);
            allPromptSeconds = List.copyOf(allPromptSeconds);
        }
    }

    /**
     * Seconds of the same work in two runtimes, done in turns.
     *
     * @param onnx in ONNX Runtime
     * @param djl in DJL
     */
    record Turns(List<Double> onnx, List<Double> djl) {

        OptionalDouble onnxSeconds() {
            return OptionalDouble.of(StepBench.median(onnx));
        }

        OptionalDouble djlSeconds() {
            return OptionalDouble.of(StepBench.median(djl));
        }

        OptionalDouble ratio() {
            return OptionalDouble.of(StepBench.median(onnx) / StepBench.median(djl));
        }
    }

    /**
     * What was measured of one form of one arm; the last three lists grow while it is.
     *
     * @param heap most of the Java heap in use during the export, bytes
     * @param windows of the arm's first form: evaluations of a whole context
     * @param decoded of the arm's first form: tokens after the prompt
     * @param tokens seconds of every token decoded after a short past
     * @param afterPrompt the same after the prompt
     * @param prompts seconds of every prompt that was read at once
     */
    record Timings(
            Arm arm,
            ExportedFile file,
            long parameters,
            long heap,
            Optional<Turns> windows,
            Optional<Turns> decoded,
            List<Double> tokens,
            List<Double> afterPrompt,
            List<Double> prompts) {

        private double token() {
            return StepBench.median(tokens);
        }

        private double longToken() {
            return StepBench.median(afterPrompt);
        }
    }

    /** Copies list and map. */
    public OnnxBench {
        configurations = List.copyOf(configurations);
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    /** What the file says of measured forms. */
    static List<Configuration> configurations(int prompt, List<Timings> all) {
        return all.stream()
                .map(
                        one ->
                                configuration(
                                        prompt,
                                        one,
                                        first(all, other -> other.arm.equals(one.arm)),
                                        first(all, other -> dtype(other) == dtype(one))))
                .toList();
    }

    private static Timings first(List<Timings> all, Predicate<Timings> chosen) {
        return all.stream().filter(chosen).findFirst().orElseThrow();
    }

    private static Dtype dtype(Timings timings) {
        return timings.file.dtype();
    }

    private static Configuration configuration(
            int prompt, Timings timings, Timings firstForm, Timings firstArm) {
        ExportedFile file = timings.file;
        Optional<Turns> windows = timings.windows;
        Optional<Turns> decoded = timings.decoded;
        double promptSeconds = StepBench.median(timings.prompts);
        return new Configuration(
                timings.arm,
                file.dtype(),
                timings.token(),
                timings.token() / firstArm.token(),
                timings.token() / firstForm.token(),
                timings.longToken(),
                timings.longToken() / firstArm.longToken(),
                timings.longToken() / firstForm.longToken(),
                promptSeconds,
                prompt / promptSeconds,
                number(windows, Turns::onnxSeconds),
                number(windows, Turns::djlSeconds),
                number(windows, Turns::ratio),
                number(decoded, Turns::onnxSeconds),
                number(decoded, Turns::djlSeconds),
                number(decoded, Turns::ratio),
                windows.map(Turns::onnx),
                windows.map(Turns::djl),
                decoded.map(Turns::onnx),
                decoded.map(Turns::djl),
                file.writeSeconds(),
                file.verifySeconds(),
                file.bytes(),
                timings.parameters,
                file.bytes() / (4.0 * timings.parameters),
                (double) file.bytes() / firstForm.file.bytes(),
                timings.heap,
                file.verification().difference(),
                timings.tokens,
                timings.afterPrompt,
                timings.prompts);
    }

    private static OptionalDouble number(
            Optional<Turns> turns, Function<Turns, OptionalDouble> of) {
        return turns.map(of).orElseGet(OptionalDouble::empty);
    }
}
