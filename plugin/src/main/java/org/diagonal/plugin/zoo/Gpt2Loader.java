package org.diagonal.plugin.zoo;

import ai.djl.Application;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.product.Product;

/**
 * Loads a GPT-2 folder as a {@code ZooModel}: ids (B, T) int64 in, logits (B, T, V) float32 out, or
 * a prompt in and a text out.
 *
 * <p>The folder is named by option {@value DiagonalZoo#MODEL_PATH}; without it this loader
 * declines, so that other zoos are asked. Types are {@code NDList} and {@code NDList}, or {@code
 * String} and {@code String}, unless the criteria bring a translator.
 */
final class Gpt2Loader implements ModelLoader {

    private final MRL mrl =
            MRL.model(
                    Repository.newInstance("diagonal", Path.of("")),
                    Application.NLP.TEXT_GENERATION,
                    DiagonalZoo.GROUP_ID,
                    DiagonalZoo.GPT2,
                    Product.version(),
                    DiagonalZoo.GPT2);

    @Override
    public String getGroupId() {
        return DiagonalZoo.GROUP_ID;
    }

    @Override
    public String getArtifactId() {
        return DiagonalZoo.GPT2;
    }

    @Override
    public Application getApplication() {
        return Application.NLP.TEXT_GENERATION;
    }

    @Override
    public MRL getMrl() {
        return mrl;
    }

    @Override
    public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria)
            throws IOException, ModelNotFoundException {
        Path folder = folder(criteria);
        Model model =
                Model.newInstance(
                        folder.toAbsolutePath().getFileName().toString(),
                        criteria.getDevice(),
                        "PyTorch");
        try {
            Translator<I, O> translator = translator(criteria, folder, model);
            model.setBlock(ModelFolder.load(folder, model.getNDManager()));
            return new ZooModel<>(model, translator);
        } catch (IOException | ModelNotFoundException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Path folder(Criteria<?, ?> criteria) throws IOException, ModelNotFoundException {
        Map<String, String> options = criteria.getOptions();
        String path = options == null ? null : options.get(DiagonalZoo.MODEL_PATH);
        if (path == null) {
            throw new ModelNotFoundException(
                    "optOption(\"" + DiagonalZoo.MODEL_PATH + "\", folder) names no GPT-2 folder");
        }
        Path folder = Path.of(path);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(path, null, "no such model folder");
        }
        return folder;
    }

    @SuppressWarnings("unchecked") // the classes are compared just before
    private static <I, O> Translator<I, O> translator(
            Criteria<I, O> criteria, Path folder, Model model)
            throws IOException, ModelNotFoundException {
        Class<I> input = criteria.getInputClass();
        Class<O> output = criteria.getOutputClass();
        Map<String, ?> arguments =
                criteria.getArguments() == null ? Map.of() : criteria.getArguments();
        TranslatorFactory factory = criteria.getTranslatorFactory();
        if (factory != null) {
            try {
                return factory.newInstance(input, output, model, arguments);
            } catch (TranslateException e) {
                throw new ModelNotFoundException("the translator cannot be made", e);
            }
        }
        if (input == NDList.class && output == NDList.class) {
            return (Translator<I, O>) new NoopTranslator();
        }
        if (input == String.class && output == String.class) {
            return (Translator<I, O>) TextTranslator.of(folder, model, arguments);
        }
        throw new ModelNotFoundException(
                "setTypes must be NDList (ids) and NDList (logits), or String (a prompt) and"
                        + " String, or bring a translator: "
                        + input
                        + ", "
                        + output);
    }

    @Override
    public <I, O> boolean isDownloaded(Criteria<I, O> criteria) {
        return true; // a folder is there already
    }

    @Override
    public <I, O> void downloadModel(Criteria<I, O> criteria, Progress progress) {}
}
