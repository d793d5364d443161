package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Program;
import org.diagonal.eval.cli.option.IdentityOptions;
import org.diagonal.eval.cli.option.TrainingOptions;
import org.diagonal.plugin.identity.Arm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A program with one command that says what it was given, and fails as it is told. */
@Command(name = "toy", subcommands = Toy.Train.class)
public final class Toy {

    /** What a run left behind. */
    public record Result(int code, String out, String err) {

        public List<String> errors() {
            return err.lines().toList();
        }
    }

    /** Runs the toy. */
    public static Result run(String... args) {
        return run(new Toy(), args);
    }

    /** Runs any program. */
    public static Result run(Object table, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new Program(table, new PrintWriter(out, true), new PrintWriter(err, true))
                        .run(args);
        return new Result(code, out.toString(), err.toString());
    }

    /** The toy's only command. */
    @Command(name = "train", header = "Train", description = "Trains.")
    static final class Train implements Callable<Integer> {

        @Mixin IdentityOptions.OfArm circuits;
        @Mixin IdentityOptions identity;
        @Mixin TrainingOptions training;

        @Option(names = "--arms", split = ",", paramLabel = "A,B")
        List<Arm> arms = List.of(Arm.NONE, Arm.BOTH);

        @Option(names = "--fail", paramLabel = "HOW")
        Optional<Failing> fail;

        @Mixin GlobalOptions global;

        @Override
        public Integer call() throws IOException {
            global.apply();
            training.check(global);
            if (fail.isPresent()) {
                fail.get().raise();
            }
            global.out().println("lr=" + training.optimizer.learningRate);
            global.out().println("schedule=" + training.optimizer.schedule);
            global.out().println("dropout=" + training.optimizer.dropout);
            global.out().println("batch-size=" + training.batchSize);
            global.out().println("epochs=" + training.epochs);
            global.out().println("max-steps=" + training.maxSteps);
            global.out().println("shuffle=" + training.shuffle);
            global.out().println("mask-diagonal=" + identity.maskDiagonal);
            global.out().println("multiplier=" + identity.qkMultiplier);
            global.out().println("scalings=" + circuits.scalings);
            global.out().println("arms=" + arms);
            return 0;
        }
    }

    /** Ways to fail. */
    enum Failing {
        ARGUMENT,
        MISSING_FILE,
        BUG,
        MEMORY,
        LIBRARY,
        ENGINE;

        void raise() throws IOException {
            switch (this) {
                case ARGUMENT -> throw new IllegalArgumentException("width=10, heads=3\nmore");
                case MISSING_FILE -> throw new java.nio.file.NoSuchFileException("a/b.txt");
                case BUG -> throw new ArithmeticException("/ by zero");
                case MEMORY -> throw new OutOfMemoryError("Java heap space");
                case LIBRARY -> throw new UnsatisfiedLinkError("no torch in path");
                case ENGINE ->
                        throw new ai.djl.engine.EngineException(
                                "Failed to load", new IllegalStateException("no libc\nat x"));
            }
        }
    }
}
