package org.diagonal.plugin.onnx;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.plugin.onnx.graph.Dtype;

/**
 * One form of an exported model.
 *
 * @param dtype the form
 * @param bytes of the file and of the data beside it
 * @param isExternal whether there are data beside it
 * @param rounding the largest difference that half precision makes to a logit, in a row of 7
 * @param verification the comparison with DJL
 * @param perplexity what the form does to it, where a text was given
 * @param writeSeconds until it was written
 * @param verifySeconds of checks, comparison and perplexity
 */
public record ExportedFile(
        Dtype dtype,
        long bytes,
        boolean isExternal,
        OptionalDouble rounding,
        Verification verification,
        Optional<PerplexityChange> perplexity,
        double writeSeconds,
        double verifySeconds) {

    /** What the file says of these measurements. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("largest_logit_difference", number(verification.difference()));
        if (verification.measures()) {
            metadata.put("same_greedy_tokens", number(verification.sameTokens()));
        }
        perplexity.ifPresent(
                change -> {
                    metadata.put("perplexity_data", change.data());
                    metadata.put("perplexity", number(change.perplexity()));
                    metadata.put("perplexity_fp32", number(change.reference()));
                });
        return metadata;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
