package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.plugin.identity.Mimetic;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How much of the identity the QK circuits of mimetic weights begin with. */
@Heading("Training")
@Purpose(Purpose.Of.TRAINING)
public final class MimeticOptions {

    @Option(
            names = "--alpha",
            converter = Numbers.NotNegative.class,
            description = "--init mimetic: how much stays of random W_Q W_Kᵀ")
    Optional<Double> alpha;

    @Option(
            names = "--beta",
            converter = Numbers.NotNegative.class,
            description =
                    "and how much identity is added: the SVD of √alpha W_Q W_Kᵀ + √beta I gives"
                            + " both anew")
    Optional<Double> beta;

    /**
     * Checks that both numbers are there where they are needed, and nowhere else.
     *
     * @throws ParameterException naming the options
     */
    public void check(GlobalOptions global, boolean needed) {
        if (needed && (alpha.isEmpty() || beta.isEmpty())) {
            throw global.wrong("--init mimetic needs --alpha and --beta");
        }
        if (!needed && (alpha.isPresent() || beta.isPresent())) {
            throw global.wrong(
                    (alpha.isPresent() ? "--alpha" : "--beta") + " is for --init mimetic");
        }
    }

    /** Both numbers; empty where there are none. */
    public Optional<Mimetic> get() {
        return alpha.isPresent() && beta.isPresent()
                ? Optional.of(new Mimetic(alpha.get(), beta.get()))
                : Optional.empty();
    }
}
