package org.diagonal.plugin.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.ParameterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.diagonal.plugin.Shared;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GPT-2 folders through DJL's own door. */
class DiagonalZooTest {

    private static final long[][] IDS = {{1, 2, 3, 4}, {19, 0, 7, 7}};

    private static Criteria<NDList, NDList> criteria(Path folder) {
        return Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optEngine("PyTorch")
                .optGroupId("org.diagonal")
                .optArtifactId("gpt2")
                .optOption("modelPath", folder.toString())
                .build();
    }

    /** Writes a small network with scalings that are not zero, and returns its logits. */
    private static float[] write(Path folder, IdentityScalings scalings) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(5);
            Gpt2 network = new Gpt2(Gpt2Config.fresh(20, 8, 16, 2, 2).withScalings(scalings));
            network.initialize(manager);
            for (Parameter parameter : network.parameters().values()) {
                if (Circuit.isScaling(parameter.getName())) {
                    parameter.getArray().set(new float[] {0.5f, -0.25f});
                }
            }
            ModelFolder.save(network, folder, TensorType.F32);
            return network.forward(
                            new ParameterStore(manager, false),
                            new NDList(manager.create(IDS)),
                            false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false", "1, 0, true", "0, 1, false", "2, 0.5, true", "1, 1, false"})
    void criteriaLoadAFolderWithAndWithoutScalings(
            double qk, double ov, boolean masked, @TempDir Path folder) throws Exception {
        float[] expected = write(folder, new IdentityScalings(qk, ov, masked));
        try (ZooModel<NDList, NDList> model = criteria(folder).loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor();
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDList logits = predictor.predict(new NDList(manager.create(IDS)));
            NDArray found = logits.singletonOrThrow();
            assertThat(found.getShape()).isEqualTo(new Shape(2, 4, 20));
            assertThat(found.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(found.toFloatArray()).containsExactly(expected);
            Gpt2 network = (Gpt2) model.getBlock();
            assertThat(network.config().scalings()).isEqualTo(new IdentityScalings(qk, ov, masked));
        }
    }

    @Test
    void predictionsLeaveNothingInTheModelsMemory(@TempDir Path folder) throws Exception {
        write(folder, new IdentityScalings(1, 1, true));
        Parameter parameter;
        try (ZooModel<NDList, NDList> model = criteria(folder).loadModel()) {
            parameter = ((Gpt2) model.getBlock()).parameters().values().iterator().next();
            model.getNDManager().cap(); // a further array in it throws from now on
            try (Predictor<NDList, NDList> predictor = model.newPredictor()) {
                for (int i = 0; i < 20; i++) {
                    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                        assertThat(predictor.predict(new NDList(manager.create(IDS)))).hasSize(1);
                    }
                }
            }
        }
        NDArray freed = parameter.getArray();
        assertThatThrownBy(freed::toFloatArray).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theZooIsFoundByItsGroup() {
        assertThat(ModelZoo.getModelZoo("org.diagonal")).isInstanceOf(DiagonalZoo.class);
    }

    @Test
    void aMissingFolderIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("gpt3");
        assertThatThrownBy(() -> criteria(missing).loadModel())
                .hasMessage(missing + ": no such model folder");
    }

    @Test
    void aFolderWithoutAModelIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> criteria(folder).loadModel())
                .hasMessageContaining(folder + ": is not a model folder");
    }

    @Test
    void aDamagedFileIsNamed(@TempDir Path folder) throws Exception {
        write(folder, IdentityScalings.NONE);
        Path file = folder.resolve("model.safetensors");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 400));
        assertThatThrownBy(() -> criteria(folder).loadModel())
                .hasMessageContaining(file.toString());
    }

    @Test
    void withoutTheOptionTheErrorSaysWhichItIs() {
        Criteria<NDList, NDList> noFolder =
                Criteria.builder()
                        .setTypes(NDList.class, NDList.class)
                        .optGroupId("org.diagonal")
                        .optArtifactId("gpt2")
                        .build();
        assertThatThrownBy(noFolder::loadModel)
                .isInstanceOf(ModelNotFoundException.class)
                .hasStackTraceContaining("optOption(\"modelPath\", folder)");
    }

    @Test
    void typesWithoutATranslatorAreRefusedByName(@TempDir Path folder) throws Exception {
        write(folder, IdentityScalings.NONE);
        Criteria<String, NDList> text =
                Criteria.builder()
                        .setTypes(String.class, NDList.class)
                        .optGroupId("org.diagonal")
                        .optArtifactId("gpt2")
                        .optOption("modelPath", folder.toString())
                        .build();
        assertThatThrownBy(text::loadModel)
                .isInstanceOf(ModelNotFoundException.class)
                .hasStackTraceContaining("setTypes must be NDList (ids) and NDList (logits)");
    }

    @Test
    void theRandomCheckpointWithoutPrefixAndHeadLoads() throws Exception {
        try (ZooModel<NDList, NDList> model =
                        criteria(Shared.folder("checkpoints/tiny-gpt2-random")).loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor();
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray logits =
                    predictor
                            .predict(new NDList(manager.create(new long[][] {{0, 20, 3}})))
                            .singletonOrThrow();
            assertThat(logits.getShape()).isEqualTo(new Shape(1, 3, 21));
            assertThat(logits.isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void theSortingCheckpointSortsAllInputs() throws Exception {
        int count = 729;
        long[][] ids = new long[count][12];
        for (int i = 0; i < count; i++) {
            for (int t = 0, rest = i; t < 6; t++, rest /= 3) {
                ids[i][t] = rest % 3;
            }
        }
        try (ZooModel<NDList, NDList> model =
                        criteria(Shared.folder("checkpoints/nano-sort-gpt2")).loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor()) {
            for (int length = 6; length < 12; length++) {
                int last = length - 1;
                try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                    int known = length;
                    long[][] prompts =
                            Arrays.stream(ids)
                                    .map(row -> Arrays.copyOf(row, known))
                                    .toArray(long[][]::new);
                    NDArray logits = predictor.predict(new NDList(manager.create(prompts))).head();
                    long[] next = logits.get(":, {}", last).argMax(1).toLongArray();
                    for (int i = 0; i < count; i++) {
                        ids[i][length] = next[i];
                    }
                }
            }
        }
        for (long[] row : ids) {
            long[] sorted = Arrays.copyOf(row, 6);
            Arrays.sort(sorted);
            assertThat(Arrays.copyOfRange(row, 6, 12)).containsExactly(sorted);
        }
    }
}
