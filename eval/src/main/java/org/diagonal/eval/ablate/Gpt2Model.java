package org.diagonal.eval.ablate;

import java.io.IOException;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.gpt2.Gpt2Config;

/** What files say of a GPT-2 that is ablated. */
final class Gpt2Model {

    private Gpt2Model() {}

    static Model of(ModelSource source) throws IOException {
        Gpt2Config config = source.config();
        if (config.scalings().isNone()) {
            throw none(source.name());
        }
        return new Model(
                source.measured().title(),
                source.sha256(),
                source.adapterSha256(),
                config.nLayer(),
                config.nHead());
    }

    static SettingException none(String name) {
        return new SettingException(
                name + " has no scalings that could be taken away", Setting.MODEL);
    }
}
