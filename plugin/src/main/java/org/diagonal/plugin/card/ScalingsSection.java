package org.diagonal.plugin.card;

import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * The part of a model card from which another framework learns to apply the scalings (paper,
 * Observation 1.2 and Theorem 1.4, as the paper's code computes them).
 *
 * @param scalings of the network
 */
record ScalingsSection(IdentityScalings scalings) {

    private static final String PLAIN =
            "None: every program that loads a GPT-2 computes what Diagonal computes.\n";

    private static final String EVERY_HEAD =
            """
            Every attention head h has multiples of the identity in its circuits (Boix-Adserà et
            al., arXiv 2310.09753), one number a head and circuit. A program that does not know these
            tensors skips them, and computes another network.

            | circuit | tensors, shape (H) | multiplier | diagonal of X Xᵀ |
            |---|---|---|---|
            """;

    private static final String KEYS =
            """

            N counts layers from 0. The multipliers are fixed; `config.json` has them as `wkwq_id_mult` and
            `wvwo_id_mult`, and `mask_diag_wkwq` says whether the diagonal is set to 0. With D the width, H
            the heads and d = D / H the width of one, a layer's attention is

            """;

    private static final String PERMUTED =
            "(`permute_wkwq` says that every row of G has its positions in reverse)\n\n";

    private static final String AS_GPT2 =
            """

            with GPT-2's biases where GPT-2 has them. a is not divided by √d. In training, A in the b-term is
            what dropout leaves of it, and the b-term comes before residual dropout. In PyTorch's words, for
            layer N:

            """;

    private static final String QK_CODE =
            """
            # x (B, T, D) after ln_1; logits (B, H, T, T): scaled q kᵀ, before the causal mask
            a = tensors[f"transformer.h.{N}.attn.wkwq_id_scalings"]
            g = x @ x.transpose(-1, -2)
            %s%slogits = logits + %s * a.view(1, -1, 1, 1) * g.unsqueeze(1)
            """;

    private static final String MASK_CODE =
            "g = g - torch.diag_embed(torch.diagonal(g, dim1=-2, dim2=-1))\n";

    private static final String REVERSAL_CODE =
            """
            t = torch.arange(x.size(1))
            g = g.gather(2, (t[:, None] - t).clamp(min=0).expand_as(g))
            """;

    private static final String OV_CODE =
            """
            # x (B, T, D) after ln_1; A (B, H, T, T): attention weights; y (B, T, D) after c_proj
            b = tensors[f"transformer.h.{N}.attn.wvwo_id_scalings"]
            y = y + %s * torch.einsum("h,bhts,bsd->btd", b, A, x)
            """;

    private static final String NOT_MERGED =
            """

            The scalings cannot be merged into the other weights: a multiple of the identity has rank D,
            W_Q W_Kᵀ and W_V W_O have rank d at most.
            """;

    /** The section's text without its heading. */
    String text() {
        if (scalings.isNone()) {
            return PLAIN;
        }
        return EVERY_HEAD
                + table()
                + KEYS
                + (scalings.permuteWkwq() ? PERMUTED : "")
                + formulas()
                + AS_GPT2
                + code()
                + NOT_MERGED;
    }

    private String table() {
        String rows = "";
        if (scalings.has(Circuit.QK)) {
            rows += row(Circuit.QK, masks() ? "set to 0" : "kept");
        }
        if (scalings.has(Circuit.OV)) {
            rows += row(Circuit.OV, "-");
        }
        return rows;
    }

    private String row(Circuit circuit, String diagonal) {
        String tensors = circuit.parameter(0).replace(".0.", ".N.");
        return "| %s | `%s` | %s | %s |\n"
                .formatted(circuit, tensors, multiplier(circuit), diagonal);
    }

    private String formulas() {
        StringBuilder text = new StringBuilder("```\n");
        text.append("X         output of ln_1, (T, D), a row for every token\n");
        if (scalings.has(Circuit.QK)) {
            text.append("G         X Xᵀ").append(masks() ? ", its diagonal set to 0\n" : "\n");
            if (scalings.permuteWkwq()) {
                text.append(
                        "          then, in every row t, column t - s in the place of column s\n");
            }
        }
        text.append("logits_h  X W_Q W_Kᵀ Xᵀ / √d");
        if (scalings.has(Circuit.QK)) {
            text.append(" + ").append(multiplier(Circuit.QK)).append(" · a_h · G");
        }
        text.append("\nA_h       softmax(causal mask(logits_h))\n");
        text.append("out       Σ_h A_h X W_V W_O");
        if (scalings.has(Circuit.OV)) {
            text.append(" + ").append(multiplier(Circuit.OV)).append(" · Σ_h b_h · A_h X");
        }
        return text.append("\n```\n").toString();
    }

    private String code() {
        String code = "";
        if (scalings.has(Circuit.QK)) {
            code +=
                    QK_CODE.formatted(
                            masks() ? MASK_CODE : "",
                            scalings.permuteWkwq() ? REVERSAL_CODE : "",
                            multiplier(Circuit.QK));
        }
        if (scalings.has(Circuit.OV)) {
            code += OV_CODE.formatted(multiplier(Circuit.OV));
        }
        return "```python\n" + code + "```\n";
    }

    private boolean masks() {
        return scalings.maskDiagWkwq();
    }

    private String multiplier(Circuit circuit) {
        return Double.toString(scalings.multiplier(circuit));
    }
}
