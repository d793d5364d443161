package org.diagonal.eval.task;

import org.diagonal.plugin.files.Sha256;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;

/** The identity of a template task: what it draws, not what it is called. */
public final class TaskHash {

    private TaskHash() {}

    /** SHA-256, in hexadecimal, over version, labels, tokens, noise, wildcards and templates. */
    public static String of(Task task) {
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
        return Sha256.of(text.toString());
    }

    private static void line(StringBuilder text, Object value) {
        text.append(value).append('\n');
    }
}
