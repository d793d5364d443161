package org.diagonal.plugin.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.onnx.graph.Dtype;

/** The {@code README.md} of an exported folder: its files, and the lines that run them. */
final class FolderCard {

    private static final String FILE = "README.md";

    private static final String HEAD =
            """
            ---
            library_name: transformers.js
            %stags:
            - gpt2
            - onnx
            ---

            # %s, as ONNX

            %s

            | file | dtype | MB | largest logit difference | same greedy tokens | perplexity |
            |---|---|---|---|---|---|
            """;

    private static final String SCRIPTS =
            """

            ## In JavaScript

            With transformers.js, in the folder above this one (here called `exported`), under Node:

            ```js
            import { env, pipeline } from '@huggingface/transformers';
            env.localModelPath = './';
            env.allowRemoteModels = false;
            const generate = await pipeline('text-generation', 'exported', { dtype: '%1$s' });
            console.log(await generate('The', { max_new_tokens: 20, do_sample: false }));
            ```

            In a browser, on a page that a web server sends from the folder above this one, with the library's
            `transformers.min.js` and the WebAssembly files of its `dist` folder beside it:

            ```html
            <script type="module">
            import { env, pipeline } from './transformers.min.js';
            Object.assign(env, { allowLocalModels: true, allowRemoteModels: false, localModelPath: './' });
            env.backends.onnx.wasm.wasmPaths = './';
            const generate = await pipeline('text-generation', 'exported', { dtype: '%1$s' });
            document.body.textContent = (await generate('The', { max_new_tokens: 20 }))[0].generated_text;
            </script>
            ```
            """;

    private static final String RUNTIMES =
            """

            ## In Java

            ```java
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession session = environment.createSession("exported/%1$s");
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put("input_ids", OnnxTensor.createTensor(environment, new long[][] {{1, 2, 3}}));
            inputs.put("attention_mask", OnnxTensor.createTensor(environment, new long[][] {{1, 1, 1}}));
            inputs.put("position_ids", OnnxTensor.createTensor(environment, new long[][] {{0, 1, 2}}));
            OnnxTensor past =
                    OnnxTensor.createTensor(
                            environment, FloatBuffer.allocate(0), new long[] {1, %2$d, 0, %3$d});
            session.getInputNames().forEach(name -> inputs.putIfAbsent(name, past));
            float[][][] logits = (float[][][]) session.run(inputs).get("logits").orElseThrow().getValue();
            ```

            ## In Python

            ```python
            import numpy, onnxruntime
            session = onnxruntime.InferenceSession("exported/%1$s")
            ids = numpy.array([[1, 2, 3]])
            inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "position_ids": numpy.arange(3)[None]}
            past = numpy.zeros((1, %2$d, 0, %3$d), numpy.float32)
            for node in session.get_inputs():
                inputs.setdefault(node.name, past)
            logits = session.run(["logits"], inputs)[0]
            ```

            `present.*` of one call are `past_key_values.*` of the next. `attention_mask` covers past and new
            positions; padding stands on the left, and `position_ids` count from the first real token.
            """;

    private static final String SCORING =
            """

            The files have no cache: each call reads its rows from their beginning. Inputs are `input_ids` and
            `attention_mask`%s, all int64 (B, T); the output is `logits`.
            """;

    private static final String VERSIONS =
            """

            ## Versions

            The lowest versions that were seen to run a file of each form:

            | | fp32, fp16, q8 | q4 |
            |---|---|---|
            | ONNX Runtime (Node, Python) | %1$s | 1.18 |
            | ONNX Runtime for Java | %2$s | 1.29 |
            | transformers.js under Node | 3.0 (fp32), 3.8 (all) | 3.8 |
            | transformers.js in Chromium | 3.8 | 3.8 |
            """;

    private static final String PADDING =
            """

            q8 rounds the activations of a whole call with one scale, padding and other rows included: a prompt
            in a left-padded batch may continue differently than the same prompt alone. fp32, fp16 and q4 do not
            depend on their neighbours in this way.
            """;

    private static final String BROWSERS =
            """

            The WebAssembly kernels of q8 and q4 round differently from those of CPUs: where two tokens are
            nearly equally likely, a browser may choose the other one.
            """;

    private static final String GENAI =
            """

            `genai_config.json` is for onnxruntime-genai. It follows that program's sources and is untested.
            """;

    private FolderCard() {}

    /** Writes it, once the files are measured. */
    static void write(
            Path folder,
            ClientFiles clients,
            boolean hasTokenizer,
            OnnxExport.Source source,
            List<ExportedFile> files)
            throws IOException {
        Files.writeString(folder.resolve(FILE), text(clients, hasTokenizer, source, files));
    }

    private static String text(
            ClientFiles clients,
            boolean hasTokenizer,
            OnnxExport.Source source,
            List<ExportedFile> files) {
        Gpt2Config config = clients.config();
        String task = config.regression() ? "" : "pipeline_tag: text-generation\n";
        StringBuilder text = new StringBuilder();
        text.append(HEAD.formatted(task, source.name(), about(clients)));
        files.forEach(file -> text.append(row(file)));
        String usual = clients.usual().word();
        if (clients.generates()) {
            if (hasTokenizer) {
                text.append(SCRIPTS.formatted(usual));
            }
            text.append(
                    RUNTIMES.formatted(clients.usual().file(), config.nHead(), config.headWidth()));
        } else {
            text.append(SCORING.formatted(config.regression() ? "" : " and `position_ids`"));
        }
        int opset = clients.settings().opset();
        text.append(VERSIONS.formatted(oldest(opset), opset < 20 ? "1.16.3" : "1.18"));
        if (clients.settings().dtypes().contains(Dtype.Q8)) {
            text.append(PADDING);
        }
        if (clients.settings().dtypes().stream().anyMatch(Dtype::isQuantized)) {
            text.append(BROWSERS);
        }
        if (clients.generates()) {
            text.append(GENAI);
        }
        return text.toString();
    }

    private static String oldest(int opset) {
        return switch (opset) {
            case 17, 18 -> "1.14";
            case 19 -> "1.16";
            default -> "1.18";
        };
    }

    private static String about(ClientFiles clients) {
        Gpt2Config config = clients.config();
        String network =
                "GPT-2 with %d layers of %d heads, width %d, a context of %d and a vocabulary of %d."
                        .formatted(
                                config.nLayer(),
                                config.nHead(),
                                config.nEmbd(),
                                config.nPositions(),
                                config.vocabSize());
        if (clients.scalings().isNone()) {
            return network;
        }
        String history =
                clients.generates()
                        ? """

                        The hidden states that they need of the past travel as further layers of the
                        cache: `n_layer` in `config.json` counts those too."""
                        : "";
        return network
                + "\nIts heads have identity scalings (circuits: %s), which the graph computes."
                        .formatted(clients.scalings().settings().arm())
                + history;
    }

    private static String row(ExportedFile file) {
        Verification found = file.verification();
        String tokens =
                found.measures() && found.tokens() > 0
                        ? format("%.1f %%", 100 * found.sameTokens())
                        : "";
        String perplexity =
                file.perplexity()
                        .map(
                                change ->
                                        format(
                                                "%.4f (%s; %.4f in DJL)",
                                                change.perplexity(),
                                                change.data(),
                                                change.reference()))
                        .orElse("");
        return format(
                "| `%s` | %s | %.1f | %.1e | %s | %s |\n",
                file.dtype().file(),
                file.dtype().word(),
                file.bytes() / 1e6,
                found.difference(),
                tokens,
                perplexity);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
