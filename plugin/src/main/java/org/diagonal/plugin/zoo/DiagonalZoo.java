package org.diagonal.plugin.zoo;

import ai.djl.repository.zoo.ModelZoo;
import java.util.Set;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** The zoo of group {@value #GROUP_ID}: GPT-2 folders, with or without scalings. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public final class DiagonalZoo extends ModelZoo {

    /** The group id for {@code Criteria.optGroupId}. */
    public static final String GROUP_ID = "org.diagonal";

    /** The artifact id for {@code Criteria.optArtifactId}. */
    public static final String GPT2 = "gpt2";

    /** The option of {@code Criteria.optOption} that names the model folder. */
    public static final String MODEL_PATH = "modelPath";

    DiagonalZoo() {
        addModel(new Gpt2Loader());
    }

    @Override
    public String getGroupId() {
        return GROUP_ID;
    }

    @Override
    public Set<String> getSupportedEngines() {
        return Set.of("PyTorch");
    }
}
