package org.diagonal.eval.cli.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.Trial;
import org.diagonal.templates.alphabet.SymbolKind;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which network learns a template task, and how large it is. */
@Heading("Network")
public final class NetworkOptions {

    @Option(
            names = "--network",
            paramLabel = NetworkKind.WORDS + "|M",
            description =
                    "attention: one layer of it alone, for symbols; M, a GPT-2: a name of diagonal"
                            + " models, or a folder")
    public String network = NetworkKind.TEMPLATE_TRANSFORMER.toString();

    @Option(names = "--depth", description = "layers of the transformer or MLP [2; mlp: 3]")
    Optional<Integer> depth;

    @Option(names = "--width", description = "of a layer [128; mlp: 256]")
    Optional<Integer> width;

    @Option(names = "--heads", description = "in a layer of attention [16]")
    Optional<Integer> heads;

    @Option(names = "--head-width", description = "of one of them, any [64]")
    Optional<Integer> headWidth;

    @Option(names = "--mlp-width", description = "of the layer between attentions [256]")
    Optional<Integer> mlpWidth;

    @Option(
            names = "--init",
            description =
                    "a GPT-2's weights: its own, or random ones [pretrained]; mimetic, of the"
                            + " transformer too: see --beta")
    Optional<WeightOptions.Init> init;

    @Mixin MimeticOptions mimetic;

    @Option(
            names = "--symbols",
            description = "a GPT-2's: words with a space in front, or names [words]")
    public Optional<SymbolKind> symbols;

    /** The kind of network that is asked for; any other word is the model of a GPT-2. */
    public NetworkKind kind() {
        return NetworkKind.parse(network).orElse(NetworkKind.GPT2);
    }

    /** Whether a GPT-2 starts from its own weights. */
    public boolean isPretrained() {
        return init.orElse(WeightOptions.Init.PRETRAINED) == WeightOptions.Init.PRETRAINED;
    }

    /** The network, a GPT-2's weights left out. */
    SortedMap<String, Integer> sizes() {
        SortedMap<String, Integer> sizes = new TreeMap<>(kind().sizes());
        given().forEach((name, value) -> value.ifPresent(size -> sizes.put(name, size)));
        return sizes;
    }

    private Map<String, Optional<Integer>> given() {
        Map<String, Optional<Integer>> given = new LinkedHashMap<>();
        given.put(NetworkKind.DEPTH, depth);
        given.put(NetworkKind.WIDTH, width);
        given.put(NetworkKind.HEADS, heads);
        given.put(NetworkKind.HEAD_WIDTH, headWidth);
        given.put(NetworkKind.MLP_WIDTH, mlpWidth);
        return given;
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if a size is given that the network does not have
     */
    public void check(GlobalOptions global) {
        NetworkKind kind = kind();
        boolean isMimetic = init.equals(Optional.of(WeightOptions.Init.MIMETIC));
        mimetic.check(global, isMimetic);
        if (isMimetic && !kind.hasHeads()) {
            throw global.wrong("--init mimetic needs heads, and --network is " + kind);
        }
        if (kind != NetworkKind.GPT2 && init.isPresent() && !isMimetic) {
            throw global.wrong("--init is for a GPT-2, and --network is " + kind);
        }
        if (kind != NetworkKind.GPT2 && symbols.isPresent()) {
            throw global.wrong(
                    "--symbols is for a GPT-2, which has words, and --network is " + kind);
        }
        for (Map.Entry<String, Optional<Integer>> size : given().entrySet()) {
            if (size.getValue().isPresent() && !kind.sizes().containsKey(size.getKey())) {
                List<String> own =
                        kind.sizes().keySet().stream().map(NetworkOptions::flag).toList();
                String has =
                        own.isEmpty()
                                ? "a GPT-2 has its model's sizes"
                                : kind + " has " + own.stream().collect(Collectors.joining(", "));
                throw global.wrong(
                        "%s is not for --network %s: %s"
                                .formatted(flag(size.getKey()), network, has));
            }
        }
    }

    private static String flag(String name) {
        return "--" + name.replace('_', '-');
    }

    /** The network of a trial. */
    public Trial.Network network(Optional<Trial.Weights> weights) {
        return new Trial.Network(kind(), sizes(), weights, mimetic.get());
    }
}
