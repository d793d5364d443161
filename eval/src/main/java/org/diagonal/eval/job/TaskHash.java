package org.diagonal.eval.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;

/** The identity of a template task: what it draws, not what it is called. */
final class TaskHash {

    private TaskHash() {}

    /** SHA-256, in hexadecimal, over version, labels, tokens, noise, wildcards and templates. */
    static String of(Task task) {
        StringBuilder text = new StringBuilder();
        line(text, task.version());
        line(text, task.kind());
        line(text, task.cut());
        line(text, task.noise());
        task.wildcards().forEach(wildcard -> line(text, wildcard.name()));
        for (LabelledTemplate template : task.templates()) {
            line(text, template.text());
            line(text, template.label());
            line(text, template.probability());
        }
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void line(StringBuilder text, Object value) {
        text.append(value).append('\n');
    }
}
