package org.diagonal.plugin.small;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * Times training steps of the template transformer, arm after arm, beside matrix products in the
 * same minutes: {@code StepRate ROUNDS BATCH…}. A program to be run by hand on a quiet machine.
 */
final class StepRate {

    private static final int STRING = 3;

    private StepRate() {}

    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        for (int i = 1; i < args.length; i++) {
            measure(Integer.parseInt(args[i]), rounds);
        }
    }

    /**
     * Multiplications of one example, forward, where the last layer is read out at one position.
     */
    private static double multiplications(TemplateTransformer net) {
        double positions = net.contextLength() + 1;
        double inner = (double) net.heads() * net.dimHead();
        double mlp = 2.0 * net.dim() * net.mlpDim();
        double whole = positions * (4 * net.dim() * inner + mlp);
        double last = positions * 2 * net.dim() * inner + 2 * net.dim() * inner + mlp;
        return (net.depth() - 1) * whole + last;
    }

    private static void measure(int batch, int rounds) {
        List<IdentityScalings> arms =
                List.of(
                        IdentityScalings.NONE,
                        new IdentityScalings(1, 0, false),
                        new IdentityScalings(0, 1, false),
                        new IdentityScalings(1, 1, false));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            List<Stepper> steppers = new ArrayList<>();
            List<List<Double>> seconds = new ArrayList<>();
            List<Double> gemm = new ArrayList<>();
            double flops = 0;
            for (IdentityScalings arm : arms) {
                TemplateTransformer net = TemplateTransformer.base(STRING, batch + 202, 1, arm);
                flops = 6 * multiplications(net) * batch;
                steppers.add(
                        new Stepper(
                                SmallNetwork.fresh(net, 1, manager),
                                examples(manager, batch),
                                settings(batch)));
                seconds.add(new ArrayList<>());
            }
            for (int round = -3; round < rounds; round++) {
                double rate = gemm(manager);
                for (int a = 0; a < arms.size(); a++) {
                    double time = 0;
                    for (int i = 0; i < 3; i++) {
                        time += steppers.get(a).step((round + 3) * 3 + i).seconds() / 3;
                    }
                    if (round >= 0) {
                        seconds.get(a).add(time);
                    }
                }
                if (round >= 0) {
                    gemm.add(rate);
                }
            }
            steppers.forEach(Stepper::close);
            double rate = median(gemm);
            double plain = median(seconds.get(0));
            for (int a = 0; a < arms.size(); a++) {
                double time = median(seconds.get(a));
                print(
                        "batch %d %s: %.2f ms, %.0f samples/s, %.3f of none, %.2f of GEMM's %.0f GFLOP/s",
                        batch,
                        arms.get(a).arm(),
                        time * 1e3,
                        batch / time,
                        time / plain,
                        flops / time / rate,
                        rate / 1e9);
            }
        }
    }

    @SuppressWarnings("SystemOut") // a program for the eye
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static ArrayExamples examples(NDManager manager, int count) {
        SplittableRandom random = new SplittableRandom(1);
        long[][] ids = new long[count][];
        float[] labels = new float[count];
        for (int i = 0; i < count; i++) {
            ids[i] = random.longs(STRING, 2, count + 2L).toArray();
            labels[i] = i % 2 == 0 ? 1 : -1;
        }
        return ArrayExamples.of(manager, ids, labels);
    }

    private static TrainingSettings settings(int batch) {
        return new TrainingSettings(
                batch,
                1,
                100_000,
                1e-3,
                1e-3,
                Schedule.CONSTANT,
                0,
                0,
                0,
                1,
                true,
                0,
                0,
                1,
                0,
                TrainingSettings.Trained.ALL);
    }

    /** Operations a second of a product as GPT-2's MLP has it. */
    private static double gemm(NDManager parent) {
        try (NDManager manager = parent.newSubManager()) {
            Engine.getEngine("PyTorch").setRandomSeed(0);
            NDArray left = manager.randomNormal(new Shape(1024, 768));
            NDArray right = manager.randomNormal(new Shape(768, 3072));
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long begin = System.nanoTime();
                try (NDArray product = left.matMul(right)) {
                    product.getFloat(0, 0);
                    seconds.add((System.nanoTime() - begin) / 1e9);
                }
            }
            return 2.0 * 1024 * 768 * 3072 / median(seconds);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
