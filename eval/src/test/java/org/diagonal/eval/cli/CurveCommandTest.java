package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.WorkerProcesses;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

final class CurveCommandTest {

    @Command(name = "diagonal", subcommands = CurveCommand.class)
    static final class Table {}

    @TempDir Path work;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--n 0 | --n: must be 1 or more, not 0",
                "--n 16,0,64 | --n: must be 1 or more, not 0",
                "--n 16,x | --n: 'x' is not a whole number",
                "--n 16,64,16 | --n: one of them is given twice",
                "--trials 0 | --trials: must be 1 or more, not 0",
                "--jobs 0 | --jobs: must be 1 or more, not 0",
                "--arms none,bth | --arms: 'bth' is not one of: none, qk, ov, both, temperature, fixed, fixed-A, permuted, head, lora-R; did you mean both?",
                "--arms none,none | --arms: one of them is given twice",
                "--shard 5/4 | --shard: a shard is i/N with i from 1 to N, found 5/4",
                "--shard 0/4 | --shard: a shard is i/N with i from 1 to N, found 0/4",
                "--shard 1 | --shard: a shard is i/N with i from 1 to N, found 1",
                "--lr -1 | --lr: must be 0 or more, not -1",
                "--network mlp --heads 4 | --heads is not for --network mlp: mlp has --depth,"
                        + " --width",
                "--network gpt2 --width 4 | --width is not for --network gpt2: a GPT-2 has its"
                        + " model's sizes",
                "--network lstm --init random | --init is for a GPT-2, and --network is lstm",
                "--symbols names | --symbols is for a GPT-2, which has words, and --network is"
                        + " template-transformer",
                "--test-alphabet 0 | --test-alphabet: must be 1 or more, not 0",
                "--network mlp-xxt --arms none,qk | --arms: mlp-xxt has no heads for identity"
                        + " scalings, so its only arms are none and head",
            })
    void wrongUsageIsOneLineAndWritesNothing(String words, String message) {
        Path out = work.resolve("out");
        List<String> args = new ArrayList<>(List.of("curve", "--data", "task:aba-abb"));
        args.addAll(List.of("--out", out.toString()));
        args.addAll(Arrays.asList(words.split(" ", -1)));
        Toy.Result result = Toy.run(new Table(), args.toArray(String[]::new));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors())
                .containsExactly("diagonal curve: " + message, "See diagonal curve --help.");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data task:aba-abb | missing --out DIR",
                "--out o --data europarl | --data: needs a template task, task:NAME or"
                        + " task:FILE.yaml, not 'europarl'",
                "--out o --data task: | --data: needs a template task, task:NAME or"
                        + " task:FILE.yaml, not 'task:'",
            })
    void dataMustBeATask(String words, String message) {
        String[] args = ("curve " + words).split(" ", -1);
        Toy.Result result = Toy.run(new Table(), args);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors().get(0)).isEqualTo("diagonal curve: " + message);
    }

    @Test
    void bothWordsThatAreNeededAreAskedFor() {
        assertThat(Toy.run(new Table(), "curve").errors().get(0))
                .isEqualTo("diagonal curve: missing --data task:NAME|task:FILE.yaml and --out DIR");
    }

    @Test
    void aProcessOfJobsReadsTrialsAndGetsItsShareOfTheThreads() {
        String words =
                "curve --data task:aba-abb --jobs 3 --threads=8 --n 16,32 --quiet --shard 2/4 --out o";
        CommandLine line = new CommandLine(new Table());
        line.registerConverter(Arm.class, Arm::named);
        line.registerConverter(Shard.class, Shard::parse);
        line.parseArgs(words.split(" ", -1));
        CurveCommand command = line.getSubcommands().get("curve").getCommand();
        WorkerProcesses workers = command.batch.workers(command.global, command.out);
        assertThat(String.join(" ", workers.arguments()))
                .isEqualTo("trials --threads 2 --device auto --quiet --out o");
        assertThat(workers.count()).isEqualTo(3);
        assertThat(workers.mainClass()).isEqualTo(Table.class.getName());
    }

    @Test
    void everyOptionIsListedInEightyColumnsWithItsDefault() {
        Toy.Result help = Toy.run(new Table(), "curve", "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        for (OptionSpec option :
                new CommandLine(new Table())
                        .getSubcommands()
                        .get("curve")
                        .getCommandSpec()
                        .options()) {
            assertThat(help.out()).contains(option.longestName());
            assertThat(option.description()).isNotEmpty();
        }
        assertThat(help.out())
                .contains(
                        "[none,qk,ov,both]",
                        "[16,32,64,128,256,512,1024]",
                        "[5]",
                        "[1000]",
                        "[1024]",
                        "[0.003; others: 0.001]",
                        "[ten times --lr; M: --lr]",
                        "[42]",
                        "[100]",
                        "[1/1]",
                        "[template-transformer]");
    }
}
