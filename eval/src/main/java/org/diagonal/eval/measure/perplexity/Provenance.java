package org.diagonal.eval.measure.perplexity;

import org.diagonal.eval.measure.MeasuredModel;

/**
 * What was measured.
 *
 * @param data the text's name or path, for people
 * @param dataSha256 hash of the text
 * @param tokenizerSha256 hash of the tokenizer
 * @param model which model
 */
public record Provenance(
        String data, String dataSha256, String tokenizerSha256, MeasuredModel model) {

    /** Refuses blank values, naming the field. */
    public Provenance {
        require("data", data);
        require("data_sha256", dataSha256);
        require("tokenizer_sha256", tokenizerSha256);
    }

    private static void require(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " must not be blank: '" + value + "'");
        }
    }
}
