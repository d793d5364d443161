package org.diagonal.plugin.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.onnx.run.ModelInterface;

/**
 * The {@code genai_config.json} that onnxruntime-genai reads, for its model type "decoder". It
 * follows that program's sources; it has not been run with it.
 */
final class GenaiConfig {

    static final String FILE = "genai_config.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private GenaiConfig() {}

    /** Its text, for the form that clients take by default. */
    static String json(ClientFiles clients) {
        Gpt2Config config = clients.config();
        ObjectNode root = JSON.createObjectNode();
        ObjectNode model = root.putObject("model");
        model.put("type", "decoder");
        model.put("vocab_size", config.vocabSize());
        model.put("context_length", config.nPositions());
        int eos = config.eosTokenId().orElse(config.vocabSize() - 1);
        model.put("bos_token_id", eos);
        model.put("eos_token_id", eos);
        model.put("pad_token_id", eos);
        decoder(model.putObject("decoder"), clients);
        ObjectNode search = root.putObject("search");
        search.put("do_sample", false);
        search.put("max_length", config.nPositions());
        search.put("min_length", 0);
        search.put("num_beams", 1);
        search.put("num_return_sequences", 1);
        search.put("past_present_share_buffer", false); // present.* are longer than past.*
        return ExportedConfig.text(root);
    }

    private static void decoder(ObjectNode decoder, ClientFiles clients) {
        Gpt2Config config = clients.config();
        decoder.put("filename", clients.usual().file());
        decoder.put("hidden_size", config.nEmbd());
        decoder.put("head_size", config.headWidth());
        decoder.put("num_attention_heads", config.nHead());
        decoder.put("num_key_value_heads", config.nHead());
        decoder.put("num_hidden_layers", clients.cacheLayers());
        ObjectNode session = decoder.putObject("session_options");
        session.put("log_id", "onnxruntime-genai");
        session.putArray("provider_options");
        ObjectNode inputs = decoder.putObject("inputs");
        inputs.put("input_ids", ModelInterface.IDS);
        inputs.put("attention_mask", ModelInterface.MASK);
        inputs.put("position_ids", ModelInterface.POSITIONS);
        inputs.put("past_key_names", ModelInterface.PAST + "%d.key");
        inputs.put("past_value_names", ModelInterface.PAST + "%d.value");
        ObjectNode outputs = decoder.putObject("outputs");
        outputs.put("logits", ModelInterface.LOGITS);
        outputs.put("present_key_names", ModelInterface.PRESENT + "%d.key");
        outputs.put("present_value_names", ModelInterface.PRESENT + "%d.value");
    }
}
