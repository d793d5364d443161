package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.ParquetWriter;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;

/** Victims that read texts of every format, sweeps with their trials, and quantized models. */
final class FormatVictims {

    private static final String SWEEP =
            """
            title: a sweep
            base:   {task: aba-abb, n: 4, arms: [none, qk], trials: 1, seed: 1000, epochs: 1, valid-n: 4, test-n: 4, heads: 2, head-width: 4, mlp-width: 8, depth: 1}
            grid:   {lr: [1e-3, 3e-3], width: [4, 8]}
            tie:    {scalings-lr: 10 * lr}
            select: {over: lr, by: valid, per: arm, seeds: 2000..2001}
            figure: {x: width, line: arms, y: [test, train]}
            """;

    private static final String TASK =
            """
            format: 1
            name: order
            about: Does the first symbol come last?
            labels: real
            tokens: characters
            wildcards: [α, β]
            noise: 0.1
            templates:
              - {template: αβα, label: 1, probability: 0.5}
              - {template: αββ, label: -1, probability: 0.5}
            """;

    private final Path work;
    private final Path model;

    FormatVictims(Path work, Path model) {
        this.work = work;
        this.model = model;
    }

    List<Victim> all() throws IOException {
        List<Victim> victims = new ArrayList<>();
        for (Path text : texts()) {
            Object[] evaluate = {"evaluate", "--quiet", "--threads", 1, "--model", model, "--data"};
            victims.add(
                    Victim.of(
                            text.getFileName().toString(),
                            List.of(text),
                            Stream.concat(Arrays.stream(evaluate), Stream.of(text)).toArray()));
        }
        Path task = Files.writeString(work.resolve("task.yaml"), TASK);
        victims.add(Victim.of("task", List.of(task), "tasks", "check", task));
        Path sweep = Files.writeString(work.resolve("sweep.yaml"), SWEEP);
        victims.add(Victim.of("sweep", List.of(sweep), "sweep", sweep, "--plan"));
        victims.addAll(trials());
        victims.addAll(quantized());
        return victims;
    }

    private List<Path> texts() throws IOException {
        String rows = "{\"id\": 1, \"text\": \"the old house\"}\n{\"text\": \"its red door\"}\n";
        String table = "id,text\n1,the old house\n2,\"its \"\"red\"\" door\"\n";
        List<Path> texts = new ArrayList<>();
        texts.add(Files.writeString(work.resolve("rows.jsonl"), rows));
        texts.add(
                Files.writeString(
                        work.resolve("rows.json"), "[" + rows.strip().replace("\n", ",") + "]"));
        texts.add(Files.writeString(work.resolve("rows.csv"), table));
        texts.add(Files.writeString(work.resolve("rows.tsv"), table.replace(',', '\t')));
        byte[] zstd = Zstd.compress(table.getBytes(StandardCharsets.UTF_8));
        texts.add(Files.write(work.resolve("rows.csv.zst"), zstd));
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write(rows.getBytes(StandardCharsets.UTF_8));
        }
        texts.add(Files.write(work.resolve("rows.jsonl.gz"), gzip.toByteArray()));
        Path parquet = work.resolve("rows.parquet");
        MessageType type =
                new MessageType(
                        "rows",
                        Types.optional(PrimitiveTypeName.BINARY)
                                .as(LogicalTypeAnnotation.stringType())
                                .named("text"));
        try (ParquetWriter<String> writer =
                ParquetWriter.writeFile(
                        type, parquet.toFile(), (row, out) -> out.write("text", row))) {
            for (String row : rows.split("\n", -1)) {
                writer.write(row);
            }
        }
        texts.add(parquet);
        return texts;
    }

    /** A sweep whose trials are there, one that is resumed, and its page. */
    private List<Victim> trials() throws IOException {
        String small = SWEEP.replaceAll("(?m)^select.*\n", "").replace("[4, 8]", "[4]");
        Path sweep =
                Files.writeString(
                        work.resolve("small.yaml"),
                        small.replace("x: width, line: arms", "x: lr, line: [width, arms]"));
        Path done = work.resolve("swept");
        run("sweep", sweep, "--quiet", "--threads", 1, "--out", done);
        List<Path> files = new ArrayList<>(MutationTest.filesOf(done.resolve("trials")));
        files.add(done.resolve("settings.json"));
        files.removeIf(file -> file.getFileName().toString().startsWith("."));
        return List.of(
                Victim.of(
                                "trials",
                                files,
                                "sweep",
                                sweep,
                                "--quiet",
                                "--threads",
                                1,
                                "--out",
                                "OUT")
                        .resuming(done),
                Victim.of("plan", files, "sweep", sweep, "--plan", "--out", done),
                Victim.of(
                        "swept",
                        List.of(done.resolve("sweep.json")),
                        "report",
                        done,
                        "--out",
                        "OUT"));
    }

    private List<Victim> quantized() throws IOException {
        Path forms = work.resolve("forms");
        run("export", "--quiet", "--model", model, "--dtype", "fp16,q8,q4", "--out", forms);
        List<Victim> victims = new ArrayList<>();
        for (String form : List.of("fp16", "quantized", "q4")) {
            victims.add(
                    Victim.of(
                            form,
                            List.of(forms.resolve("onnx/model_" + form + ".onnx")),
                            "generate",
                            "--quiet",
                            "--model",
                            forms,
                            "--dtype",
                            form.equals("quantized") ? "q8" : form,
                            "--prompt",
                            "the",
                            "--max-new-tokens",
                            2));
        }
        return victims;
    }

    private static void run(Object... words) {
        Toy.Result result = Tiny.run(words);
        assertThat(result.code()).as(result.err()).isZero();
    }
}
