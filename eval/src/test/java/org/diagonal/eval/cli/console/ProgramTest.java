package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramTest {

    @Test
    void aCommandThatIsDoneExitsWithZeroAndWritesNothingToStderr() {
        Toy.Result result = Toy.run("train", "--lr", "1e-4");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("lr=1.0E-4");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ARGUMENT | toy train: width=10, heads=3",
                "MISSING_FILE | toy train: no such file: a/b.txt",
                "LIBRARY | toy train: java.lang.UnsatisfiedLinkError: no torch in path",
                "ENGINE | toy train: PyTorch: Failed to load: no libc"
            })
    void aFailureIsOneLineAndExitsWithOne(String how, String line) {
        Toy.Result result =
                Toy.run("train", "--fail", how.toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).containsExactly(line);
    }

    @Test
    void lackOfMemoryIsOneLineThatSaysWhatToSet() {
        Toy.Result result = Toy.run("train", "--fail", "memory");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).hasSize(1);
        assertThat(result.err()).contains("out of memory", "DIAGONAL_JAVA_OPTS");
    }

    @Test
    void aBugIsOneLineThatAsksForAReport() {
        Toy.Result result = Toy.run("train", "--fail", "bug");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).hasSize(1);
        assertThat(result.err()).contains("internal error", "ArithmeticException: / by zero");
    }

    @Test
    void aTemporaryFolderThatCannotBeUsedIsNamed() {
        String folder = System.getProperty("java.io.tmpdir");
        Throwable failure =
                new ExceptionInInitializerError(
                        new UncheckedIOException(new NoSuchFileException(folder + "/pt-model1")));
        assertThat(Failure.line(failure))
                .startsWith("cannot use the temporary folder " + folder)
                .contains("pt-model1")
                .endsWith("DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another");
    }

    @Test
    void verboseAddsTheTrace() {
        Toy.Result result = Toy.run("train", "--fail", "argument", "--verbose");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("width=10, heads=3", "at org.diagonal.eval.cli.Toy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trian | toy: 'trian' is no command; did you mean train?",
                "xyz | toy: 'xyz' is no command",
                "train --warm-up 3 | toy train: unknown option --warm-up; did you mean --warmup?",
                "train --batchsize=3 | toy train: unknown option --batchsize; did you mean"
                        + " --batch-size?",
                "train --no-shufle | toy train: unknown option --no-shufle; did you mean"
                        + " --no-shuffle?",
                "train -x | toy train: unknown option -x",
                "train more | toy train: unexpected argument 'more'",
                "train --schedule lin | toy train: --schedule: 'lin' is not one of: constant, linear,"
                        + " cosine; did you mean linear?",
                "train --arms none,bth | toy train: --arms: 'bth' is not one of: none, qk, ov, both,"
                        + " temperature, fixed, fixed-A, permuted, head, lora-R; did you mean"
                        + " both?",
                "train --batch-size 0 | toy train: --batch-size: must be 1 or more, not 0",
                "train --batch-size 1.5 | toy train: --batch-size: '1.5' is not a whole number",
                "train --batch-size 99999999999 | toy train: --batch-size: '99999999999' is too"
                        + " large",
                "train --lr 1d | toy train: --lr: '1d' is not a number",
                "train --lr nan | toy train: --lr: 'nan' is not a number",
                "train --lr 1e999 | toy train: --lr: is too large: 1e999",
                "train --lr -1 | toy train: --lr: must be 0 or more, not -1",
                "train --dropout 1 | toy train: --dropout: must lie in 0 to 1, 1 excluded, not 1",
                "train --device gpu:x | toy train: --device: 'gpu:x' is not one of: auto, cpu, gpu,"
                        + " gpu:0, gpu:1 …",
                "train --lr | toy train: a value is missing: --lr X",
                "train --lr --clip 1 | toy train: a value is missing: --lr X",
                "train --lr 1 --lr 2 | toy train: --lr is given twice",
                "train --epochs 1 --max-steps 2 | toy train: --epochs and --max-steps exclude each"
                        + " other",
                "train --quiet --verbose | toy train: --verbose and --quiet exclude each other",
                "train --config nope.yaml | toy train: --config: no such file: nope.yaml",
                "train --config | toy train: a value is missing: --config FILE"
            })
    void wrongUsageIsOneLineAndWhereToReadMoreAndExitsWithTwo(String words, String line) {
        Toy.Result result = Toy.run(words.split(" ", -1));
        assertThat(result.code()).isEqualTo(2);
        String name = line.substring(0, line.indexOf(':'));
        assertThat(result.errors()).containsExactly(line, "See " + name + " --help.");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void noCommandShowsThoseThereAreAndExitsWithTwo() {
        Toy.Result result = Toy.run();
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Commands", "train");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-5", "0.5", ".5", "5.", "0", "+1", "2E3"})
    void realNumbersAreTakenAsTheyAreUsuallyWritten(String words) {
        assertThat(Toy.run("train", "--lr", words).out())
                .contains("lr=" + Double.parseDouble(words));
    }

    @Test
    void negativeMultipliersAreNumbersAndNotOptions() {
        assertThat(Toy.run("train", "--qk-multiplier", "-1.5").out())
                .contains("multiplier=Optional[-1.5]");
    }

    @Test
    void negatedFlagsTurnOffWhatIsOn() {
        assertThat(Toy.run("train").out()).contains("shuffle=true", "mask-diagonal=Optional.empty");
        assertThat(Toy.run("train", "--shuffle", "--no-mask-diagonal").out())
                .contains("shuffle=true", "mask-diagonal=Optional[false]");
        assertThat(Toy.run("train", "--no-shuffle", "--mask-diagonal").out())
                .contains("shuffle=false", "mask-diagonal=Optional[true]");
    }
}
