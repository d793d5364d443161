package org.diagonal.plugin.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.diagonal.plugin.Shared;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DjlDecoderTest {

    private static final Generator GREEDY =
            new Generator(Sampling.GREEDY, 1000, OptionalInt.empty());

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        Engine.getEngine("PyTorch").setRandomSeed(3);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** A network of 300 positions whose next token is not always the same. */
    private Gpt2 network(IdentityScalings scalings) {
        Gpt2Config config =
                Gpt2Config.parse(
                        """
                        {"vocab_size": 60, "n_positions": 300, "n_embd": 16, "n_layer": 2,
                         "n_head": 2, "initializer_range": 0.6}
                        """);
        Gpt2 network = new Gpt2(config.withScalings(scalings));
        network.initialize(manager);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (Circuit.isScaling(name)) {
                                parameter.getArray().set(new float[] {0.07f, -0.04f});
                            }
                        });
        return network;
    }

    /** Greedy decoding that reads the whole text again for every id. */
    private List<Long> uncached(Gpt2 network, long[] prompt, int count) {
        ParameterStore store = new ParameterStore(manager, false);
        long[] ids = prompt;
        List<Long> made = new ArrayList<>();
        Sampler sampler = new Sampler(Sampling.GREEDY);
        while (made.size() < count) {
            try (NDManager step = manager.newSubManager()) {
                float[] logits =
                        network.output(store, step.create(new long[][] {ids})).toFloatArray();
                made.add((long) sampler.choose(logits));
            }
            long last = made.get(made.size() - 1);
            ids = LongStream.concat(LongStream.of(ids), LongStream.of(last)).toArray();
        }
        return made;
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false", "1, 0, true", "1, 0, false", "0, 1, false", "1, 1, true"})
    void greedyWithMemoryIsGreedyWithout(double qk, double ov, boolean masked) {
        Gpt2 network = network(new IdentityScalings(qk, ov, masked));
        long[] prompt = LongStream.range(0, 270).map(i -> i * i % 60).toArray(); // two chunks
        try (Decoder decoder = new DjlDecoder(network, manager)) {
            Generated generated = GREEDY.generate(decoder, prompt, id -> {});
            assertThat(generated.end()).isEqualTo(Generated.End.CONTEXT_FULL);
            assertThat(generated.ids()).hasSize(31).isEqualTo(uncached(network, prompt, 31));
            assertThat(generated.ids().stream().distinct().count()).isGreaterThan(3);
        }
    }

    @Test
    void theSortingCheckpointSorts() throws Exception {
        Gpt2 network = ModelFolder.load(Shared.folder("checkpoints/nano-sort-gpt2"), manager);
        try (Decoder decoder = new DjlDecoder(network, manager)) {
            for (int i = 0; i < 729; i += 8) {
                int input = i;
                long[] prompt =
                        LongStream.of(1, 3, 9, 27, 81, 243)
                                .map(power -> input / power % 3)
                                .toArray();
                Generated generated = GREEDY.generate(decoder, prompt, id -> {});
                assertThat(generated.ids())
                        .containsExactlyElementsOf(LongStream.of(prompt).sorted().boxed().toList());
            }
        }
    }

    @Test
    void aSeedRepeatsAndAnotherDoesNot() {
        try (Decoder decoder = new DjlDecoder(network(IdentityScalings.NONE), manager)) {
            List<List<Long>> texts = new ArrayList<>();
            for (long seed : new long[] {1, 1, 2}) {
                Sampling sampling = new Sampling(1, OptionalInt.empty(), 1, seed);
                texts.add(
                        new Generator(sampling, 40, OptionalInt.empty())
                                .generate(decoder, new long[] {5}, id -> {})
                                .ids());
            }
            assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
        }
    }

    @Test
    void aFullContextIsSaidClearly() {
        try (Decoder decoder = new DjlDecoder(network(IdentityScalings.NONE), manager)) {
            decoder.prime(new long[300]);
            assertThat(decoder.length()).isEqualTo(decoder.contextLength());
            assertThatThrownBy(() -> decoder.next(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the context is full: n_positions=300");
            assertThatThrownBy(() -> decoder.prime(new long[301]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a text must have 1 to n_positions ids: ids=301, n_positions=300");
            assertThatThrownBy(decoder::prime).hasMessageContaining("ids=0");
        }
    }

    @Test
    void decodingTakesNoFurtherNativeMemory() {
        Gpt2 network = network(new IdentityScalings(1, 1, true));
        try (NDManager owner = manager.newSubManager()) {
            try (Decoder decoder = new DjlDecoder(network, owner)) {
                decoder.prime(1, 2, 3);
                int arrays = owner.getManagedArrays().size();
                for (int i = 0; i < 50; i++) {
                    decoder.next(i);
                    assertThat(owner.getManagedArrays().size()).isEqualTo(arrays);
                }
            }
            assertThat(owner.getManagedArrays().size()).isZero();
            assertThat(owner.isOpen()).isTrue();
        }
    }
}
