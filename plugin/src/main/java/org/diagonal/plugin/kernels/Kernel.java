package org.diagonal.plugin.kernels;

import java.util.List;
import java.util.Locale;

/**
 * The kernels: methods of the TorchScript class in {@code kernels.py}, {@code gpt2.py}, {@code
 * gpt2_backward.py}, {@code small.py}, {@code control.py} and {@code decode.py}, with their
 * parameters in order. A name that ends in {@code []} is a list of arrays; lists come last.
 */
public enum Kernel {
    /** Makes sure that a parameter has a gradient, which is then zero. */
    OPEN_GRADIENT("p"),
    /** The global 2-norm. */
    GRAD_NORM("anchor", "g[]"),
    /** Sets arrays to zero. */
    ZERO("anchor", "g[]"),
    /** Copies arrays into arrays. */
    COPY("anchor", "to[]", "source[]"),
    /** Copies of arrays in bfloat16. */
    TO_BFLOAT16("anchor", "sources[]"),
    /** One product of matrices, of which one number is returned. */
    PRODUCT("x", "w"),
    /** One update of parameters by their gradients. */
    ADAMW(
            "step",
            "lr",
            "beta1",
            "beta2",
            "epsilon",
            "weight_decay",
            "grad_scale",
            "p[]",
            "g[]",
            "m[]",
            "v[]"),
    /** Rows of an array. */
    ROWS("index", "array"),
    /** All rows of an array, where they lie. */
    ALL_ROWS("anchor", "array"),
    /** −log p of the last target of each example. */
    NATS("output", "targets"),
    /** Their sum, with scaled gradients. */
    NATS_SUM("output", "targets", "scale"),
    /** The square of the difference of each example. */
    SQUARED_ERROR("output", "targets"),
    /** Their sum, with scaled gradients. */
    SQUARED_ERROR_SUM("output", "targets", "scale"),

    /** Ids to hidden states. */
    GPT2_EMBED("input_ids", "wte", "wpe", "dropout"),
    /** The same, with what its backward pass needs. */
    GPT2_EMBED_FORWARD("input_ids", "wte", "wpe", "dropout"),
    /** Its backward pass. */
    GPT2_EMBED_BACKWARD("dh", "input_ids", "wte", "wpe", "dropout", "kept"),
    /** One layer. */
    GPT2_BLOCK("h", "a", "b", "numbers", "weights[]", "matrices[]"),
    /** The same, with what its backward pass needs. */
    GPT2_BLOCK_FORWARD("h", "a", "b", "numbers", "weights[]", "matrices[]"),
    /** Its backward pass. */
    GPT2_BLOCK_BACKWARD("dh_2", "a", "b", "numbers", "weights[]", "matrices[]", "kept[]"),
    /** Hidden states to logits. */
    GPT2_HEAD("h", "ln_f_weight", "ln_f_bias", "head", "epsilon"),
    /** The last hidden state to what a head says of it. */
    GPT2_LAST("h", "ln_f_weight", "ln_f_bias", "head", "epsilon"),
    /** Hidden states to the nats of each scored target. */
    GPT2_NATS("h", "targets", "ln_f_weight", "ln_f_bias", "head", "epsilon"),
    /** Hidden states to the sum of nats, with the backward pass. */
    GPT2_LOSS(
            "h",
            "targets",
            "ln_f_weight",
            "ln_f_bias",
            "head",
            "operand",
            "epsilon",
            "scale",
            "overwrite"),
    /** Further ids of one text to the logits of the last. */
    GPT2_CONTINUE(
            "input_ids",
            "wte",
            "wpe",
            "ln_f_weight",
            "ln_f_bias",
            "lm_head",
            "incidence_form",
            "activation",
            "epsilon",
            "past",
            "weights[]",
            "circuits[]",
            "memory[]"),

    /** The paper's transformer for templates. */
    TEMPLATE_TRANSFORMER("input_ids", "n", "precision", "p[]"),
    /** One attention layer. */
    TEMPLATE_ATTENTION("input_ids", "n", "precision", "p[]"),
    /** A multilayer perceptron. */
    TEMPLATE_MLP("input_ids", "n", "precision", "p[]"),
    /** A recurrent network. */
    TEMPLATE_RNN("input_ids", "n", "precision", "p[]"),
    /** A long short-term memory. */
    TEMPLATE_LSTM("input_ids", "n", "precision", "p[]"),

    /** Weights whose queries have a temperature. */
    CONTROL_TEMPERATURE("t", "numbers", "made[]", "base[]"),
    /** Its backward pass. */
    CONTROL_TEMPERATURE_BACKWARD("t", "numbers", "made[]", "base[]"),
    /** A weight with LoRA. */
    CONTROL_LORA("lora_a", "lora_b", "numbers", "made", "base"),
    /** Its backward pass. */
    CONTROL_LORA_BACKWARD("lora_a", "lora_b", "numbers", "made", "base");

    @SuppressWarnings("ImmutableEnumChecker") // List.of's are
    private final List<String> parameters;

    Kernel(String... parameters) {
        this.parameters = List.of(parameters);
    }

    /** The method's name. */
    String method() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The method's parameters in order, those that are lists with {@code []}. */
    List<String> parameters() {
        return parameters;
    }

    /**
     * Refuses arguments that are not as many arrays and lists as the method takes.
     *
     * @throws IllegalArgumentException naming the parameters
     */
    void require(int arrays, int lists) {
        long wanted = parameters.stream().filter(name -> name.endsWith("[]")).count();
        if (lists != wanted || arrays != parameters.size() - wanted) {
            throw new IllegalArgumentException(
                    "%s takes %s: arrays=%d, lists=%d"
                            .formatted(method(), String.join(", ", parameters), arrays, lists));
        }
    }
}
