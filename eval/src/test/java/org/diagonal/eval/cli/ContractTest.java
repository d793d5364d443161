package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.diagonal.eval.cli.console.HelpTextTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, options and choices that other programs rely on, as they were published. */
@Tag("slow")
final class ContractTest {

    private static final String ARM =
            """
            --model M --data D --valid-data D --out DIR
            --qk-multiplier X --ov-multiplier X --[no-]mask-diagonal --train all|scalings
            --init pretrained|random|mimetic --block-size N --batch-size N --accumulate N --epochs N
            --max-steps N --lr X --scalings-lr X --schedule constant|linear|cosine --warmup N
            --weight-decay X --clip X --dropout X --seed N --[no-]shuffle --eval-every N
            --save-every N --keep N --patience N --resume auto|never
            """;

    private static final String EVALUATE =
            """
            --model M --data D --protocol hf-strided|run-clm|lm-eval --block-size N --stride N
            --json FILE --runtime djl|onnx --dtype fp32|fp16|q8|q4
            """;

    private static final String EXPORT =
            """
            --model M --out DIR --format onnx|hf --cache-layout layers|none --dtype fp32|fp16|q8|q4
            --data D --max-perplexity-increase X --demo --demo-script PATH --opset 17|18|19|20|21 --external-data auto|always|never --attentions
            """;

    private static final String GENERATE =
            """
            --model M --prompt D --max-new-tokens N --temperature X --top-k N --seed N --ids
            --runtime djl|onnx --dtype fp32|fp16|q8|q4
            """;

    private static final String CURVE =
            """
            --data task:copy --arms none|qk|ov|both --n N --trials N --out DIR --jobs N --shard 1/2
            --network template-transformer --depth N --width N --heads N --head-width N
            --mlp-width N --init pretrained|random|mimetic --symbols words|names --epochs N --batch-size N
            --lr X --scalings-lr X --valid-n N --valid-alphabet N --test-n N --test-alphabet N
            --seed N
            """;

    private static final String TASK = "--alphabets 9,9,9 --symbols words|names --data-seed N";

    private static final String EVERYWHERE =
            "--device auto|cpu|gpu:N --threads N --verbose --quiet --config FILE";

    @TempDir static Path folder;

    @BeforeAll
    static void file() throws IOException {
        Files.createFile(folder.resolve("file.yaml"));
    }

    /**
     * An option of a command.
     *
     * @param value what stands for its value, choices between bars; empty for a flag
     */
    private record Promise(String command, String option, String value) {

        private static final Pattern OPTION = Pattern.compile("(--\\S+)(?:\\s+(?!--)(\\S+))?");

        static Stream<Promise> of(String command, String text) {
            return OPTION.matcher(text).results().map(found -> of(command, found));
        }

        private static Promise of(String command, MatchResult found) {
            String value = found.group(2);
            return new Promise(command, found.group(1), value == null ? "" : value);
        }

        /** The option in every documented way. */
        Stream<List<String>> uses() {
            return switch (value) {
                case "" ->
                        option.contains("[no-]")
                                ? Stream.of("", "no-")
                                        .map(no -> List.of(option.replace("[no-]", no)))
                                : Stream.of(List.of(option));
                case "N" -> Stream.of(List.of(option, "3"));
                case "X" -> Stream.of(List.of(option, "0"), List.of(option, "0.5"));
                case "M", "D", "DIR" -> Stream.of(List.of(option, "name"));
                case "FILE" -> Stream.of(List.of(option, folder.resolve("file.yaml").toString()));
                default ->
                        choices().isEmpty()
                                ? Stream.of(List.of(option, value))
                                : choices().stream()
                                        .map(choice -> List.of(option, choice.replace(":N", ":0")));
            };
        }

        List<String> choices() {
            return value.contains("|") ? Arrays.asList(value.split("[|]", -1)) : List.of();
        }
    }

    static List<Promise> promises() {
        List<Promise> promises = new ArrayList<>();
        Promise.of("fine-tune", ARM + "--scalings none|qk|ov|both --tensorboard")
                .forEach(promises::add);
        Promise.of("evaluate", EVALUATE).forEach(promises::add);
        Promise.of("generate", GENERATE).forEach(promises::add);
        Promise.of("export", EXPORT).forEach(promises::add);
        Promise.of("compare", ARM + "--seeds N --tensorboard").forEach(promises::add);
        Promise.of("fine-tune", TASK + " --samples N --valid-samples N").forEach(promises::add);
        Promise.of("evaluate", TASK + " --test-samples N").forEach(promises::add);
        Promise.of("compare", TASK + " --samples N --valid-samples N --test-samples N")
                .forEach(promises::add);
        Promise.of("curve", CURVE).forEach(promises::add);
        HelpTextTest.commands()
                .flatMap(command -> Promise.of(command.name(), EVERYWHERE))
                .forEach(promises::add);
        return promises;
    }

    static Stream<Promise> choices() {
        return promises().stream()
                .filter(promise -> !promise.choices().isEmpty())
                .filter(promise -> !promise.option.equals("--device")); // any number of GPUs
    }

    /** Beside {@code --help} every option is parsed, and none is missed. */
    private static Toy.Result parse(String command, List<String> words) {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(words);
        args.add("--help");
        return Toy.run(new HelpTextTest.Table(), args.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("promises")
    void everyOptionIsTakenInEveryDocumentedWay(Promise promise) {
        assertThat(promise.uses())
                .isNotEmpty()
                .allSatisfy(
                        use -> {
                            Toy.Result result = parse(promise.command, use);
                            assertThat(result.err()).isEmpty();
                            assertThat(result.code()).isZero();
                        });
    }

    @ParameterizedTest
    @MethodSource("choices")
    void anythingElseIsRefusedWithAListOfWhatWasPromised(Promise promise) {
        Toy.Result result = parse(promise.command, List.of(promise.option, "zzzzzzzz"));
        assertThat(result.code()).isEqualTo(2);
        String refused = promise.option + ": 'zzzzzzzz' is not one of: ";
        String known =
                result.err().lines().filter(line -> line.contains(refused)).findFirst().get();
        assertThat(known.substring(known.indexOf(refused) + refused.length()).split(", "))
                .containsSubsequence(promise.choices());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compare --arms none,qk,ov,both",
                "compare a b --data d",
                "pretrain --data d --out o --tensorboard",
                "tasks",
                "tasks list",
                "tasks show aba-abb --n 3",
                "tasks sample aba-abb --n 3 --seed 3 --role training --alphabet 3",
                "tasks check file.yaml",
                "models nano",
                "data europarl"
            })
    void theOtherFormsAreTaken(String line) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        assertThat(parse(words.get(0), words.subList(1, words.size())).code()).isZero();
    }
}
