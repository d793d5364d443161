package org.diagonal.eval.trial;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.templates.alphabet.SymbolKind;

/**
 * A trial's network as files hold it: all keys in one object, absent where its kind has no such
 * thing.
 *
 * @param kind a word such as {@code template-transformer}
 * @param model the name of a GPT-2
 * @param symbols absent for words
 * @param init {@code mimetic}, or absent
 */
record NetworkKeys(
        String kind,
        Optional<Integer> depth,
        Optional<Integer> headWidth,
        Optional<Integer> heads,
        Optional<Integer> mlpWidth,
        Optional<Integer> width,
        Optional<String> model,
        @JsonProperty("model_sha256") Optional<String> modelSha256,
        Optional<Boolean> pretrained,
        Optional<SymbolKind> symbols,
        Optional<String> init,
        Optional<Double> alpha,
        Optional<Double> beta) {

    private static final String MIMETIC = "mimetic";

    static NetworkKeys of(Trial.Network network) {
        Optional<Trial.Weights> weights = network.weights();
        Optional<Mimetic> mimetic = network.mimetic();
        return new NetworkKeys(
                network.kind().toString(),
                size(network, NetworkKind.DEPTH),
                size(network, NetworkKind.HEAD_WIDTH),
                size(network, NetworkKind.HEADS),
                size(network, NetworkKind.MLP_WIDTH),
                size(network, NetworkKind.WIDTH),
                weights.map(Trial.Weights::name),
                weights.map(Trial.Weights::sha256),
                weights.map(Trial.Weights::pretrained),
                // Words are left out: with them older trials would have other names.
                weights.map(Trial.Weights::symbols).filter(kind -> kind != SymbolKind.WORDS),
                mimetic.map(how -> MIMETIC),
                mimetic.map(Mimetic::alpha),
                mimetic.map(Mimetic::beta));
    }

    private static Optional<Integer> size(Trial.Network network, String name) {
        return Optional.ofNullable(network.sizes().get(name));
    }

    /**
     * The network.
     *
     * @throws IllegalArgumentException if there is no such kind, or its sizes are others
     */
    Trial.Network network() {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        depth.ifPresent(size -> sizes.put(NetworkKind.DEPTH, size));
        headWidth.ifPresent(size -> sizes.put(NetworkKind.HEAD_WIDTH, size));
        heads.ifPresent(size -> sizes.put(NetworkKind.HEADS, size));
        mlpWidth.ifPresent(size -> sizes.put(NetworkKind.MLP_WIDTH, size));
        width.ifPresent(size -> sizes.put(NetworkKind.WIDTH, size));
        Optional<Trial.Weights> weights =
                model.map(
                        name ->
                                new Trial.Weights(
                                        name,
                                        modelSha256.orElse(""),
                                        pretrained.orElse(false),
                                        symbols.orElse(SymbolKind.WORDS)));
        Optional<Mimetic> mimetic =
                init.map(how -> new Mimetic(alpha.orElseThrow(), beta.orElseThrow()));
        return new Trial.Network(NetworkKind.of(kind), sizes, weights, mimetic);
    }
}
