package org.diagonal.eval.cli.option;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.kernel.math.Phi;
import org.diagonal.eval.kernel.math.Setting;
import picocli.CommandLine.Option;

/** Which kernel. */
@Heading("Kernel")
public final class KernelOptions {

    @Option(
            names = "--depth",
            paramLabel = "1|2",
            description = "attention layers; 2 is an extension, not the paper's")
    public int depth = 1;

    @Option(
            names = "--a",
            split = ",",
            paramLabel = "X[,X…]",
            description = "multiples of the identity in W_K W_Qᵀ; other than 0 an extension")
    public List<Double> a = List.of(0.0);

    @Option(
            names = "--mask-diagonal",
            description = "exclude each token's attention to itself from the a-term")
    boolean maskDiagonal;

    @Option(
            names = "--beta",
            converter = Numbers.NotNegative.class,
            description = "inverse temperature of the softmax")
    double beta = 1;

    @Option(
            names = "--gamma",
            converter = Numbers.NotNegative.class,
            description = "size of the positional embeddings")
    public double gamma = 1;

    @Option(names = "--phi", description = "activation of the layer behind the attention")
    Phi phi = Phi.COS;

    @Option(
            names = "--b1",
            converter = Numbers.AboveZero.class,
            description = "frequency of cos(b1 t + b2)")
    double b1 = 1;

    @Option(names = "--b2", description = "phase of it [π/4]")
    Optional<Double> b2 = Optional.empty();

    /** The kernel of the first a. */
    public Setting setting() {
        return new Setting(
                depth, beta, gamma, a.get(0), maskDiagonal, phi, b1, b2.orElse(Math.PI / 4));
    }
}
