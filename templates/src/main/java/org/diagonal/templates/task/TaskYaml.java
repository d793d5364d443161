package org.diagonal.templates.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/** Task files: YAML of format 1. */
public final class TaskYaml {

    private static final int FORMAT = 1;

    private static final List<String> KEYS =
            List.of(
                    "format",
                    "name",
                    "version",
                    "about",
                    "source",
                    "labels",
                    "tokens",
                    "wildcards",
                    "regular",
                    "noise",
                    "templates");

    private static final List<String> TEMPLATE_KEYS = List.of("template", "label", "probability");

    private TaskYaml() {}

    /**
     * Reads a task file.
     *
     * @throws NoSuchFileException if there is none
     * @throws FileSystemException naming file, key and what stands there, if it is no task
     */
    public static Task read(Path file) throws IOException {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such task file");
        }
        return parse(file.toString(), Files.readAllBytes(file));
    }

    /**
     * Reads the content of a task file.
     *
     * @param file its name for messages
     * @throws FileSystemException naming file, key and what stands there, if it is no task
     */
    public static Task parse(String file, byte[] content) throws IOException {
        YamlMapping yaml = YamlMapping.of(file, "", tree(file, content), KEYS);
        int format = yaml.whole("format", "the number of the file format, " + FORMAT);
        if (format != FORMAT) {
            throw yaml.fault("format", "unknown format " + format + ", expected " + FORMAT);
        }
        LabelKind kind = yaml.choice("labels", LabelKind.values());
        Cut cut = yaml.choice("tokens", Cut.values());
        List<Wildcard> wildcards =
                yaml.texts("wildcards", "a list of names, as in [α, β]").stream()
                        .map(Wildcard::new)
                        .toList();
        List<LabelledTemplate> templates = templates(yaml, kind, cut, wildcards);
        checkRegular(yaml, cut, wildcards, templates);
        String name = yaml.text("name", "a name");
        int version = yaml.has("version") ? yaml.whole("version", "a whole number") : 1;
        String about = yaml.text("about", "a sentence on what the task tests");
        Optional<String> source = yaml.optionalText("source", "where the task is from");
        double noise = yaml.has("noise") ? yaml.number("noise", "a standard deviation") : 0;
        try {
            return new Task(name, version, about, source, kind, cut, wildcards, noise, templates);
        } catch (IllegalArgumentException e) { // says the key
            FileSystemException fault = YamlMapping.faultOf(file, e.getMessage());
            fault.initCause(e);
            throw fault;
        }
    }

    private static JsonNode tree(String file, byte[] content) throws FileSystemException {
        JsonNode tree = YamlTree.read(file, Utf8.decode(file, content));
        if (tree.isMissingNode() || tree.isNull()) {
            throw YamlMapping.faultOf(file, "is empty, expected a task of format " + FORMAT);
        }
        return tree;
    }

    private static List<LabelledTemplate> templates(
            YamlMapping yaml, LabelKind kind, Cut cut, List<Wildcard> wildcards)
            throws FileSystemException {
        List<YamlMapping> entries =
                yaml.mappings("templates", "a list of templates with labels", TEMPLATE_KEYS);
        boolean weighted = entries.stream().anyMatch(entry -> entry.has("probability"));
        List<LabelledTemplate> templates = new ArrayList<>();
        for (YamlMapping entry : entries) {
            String text = entry.text("template", "the template's text");
            Label label = label(entry, kind, wildcards);
            double probability =
                    weighted
                            ? entry.number("probability", "a number, as other templates have one")
                            : 1.0 / entries.size();
            if (!(probability > 0 && probability <= 1)) {
                throw entry.fault(
                        "probability",
                        "expected a number above 0 and at most 1, found " + probability);
            }
            if (cut.tokens(text).isEmpty()) {
                throw entry.fault("template", "has no tokens: " + Quoted.of(text));
            }
            templates.add(LabelledTemplate.of(text, cut, wildcards, label, probability));
        }
        return templates;
    }

    private static Label label(YamlMapping entry, LabelKind kind, List<Wildcard> wildcards)
            throws FileSystemException {
        return switch (kind) {
            case REAL -> new Real(entry.number("label", "a number, as labels are real"));
            case SYMBOLIC -> {
                String text = entry.token("label", "a token or a wildcard, as labels are symbolic");
                Wildcard wildcard = new Wildcard(text);
                yield wildcards.contains(wildcard) ? wildcard : new Token(text);
            }
        };
    }

    /**
     * What looks like a wildcard must be declared, as one or as a regular token; and a list of
     * regular tokens, if there is one, has them all.
     */
    private static void checkRegular(
            YamlMapping yaml, Cut cut, List<Wildcard> wildcards, List<LabelledTemplate> templates)
            throws FileSystemException {
        List<String> regular =
                yaml.has("regular") ? yaml.texts("regular", "a list of tokens") : List.of();
        for (String token : regular) {
            if (wildcards.contains(new Wildcard(token))) {
                throw yaml.fault(
                        "regular",
                        Quoted.of(token) + " is a wildcard too; a token is one or the other");
            }
        }
        for (int i = 0; i < templates.size(); i++) {
            List<Token> tokens = new ArrayList<>(templates.get(i).template().tokens());
            if (templates.get(i).label() instanceof Token token) {
                tokens.add(token);
            }
            for (Token token : tokens) {
                if (regular.contains(token.text())) {
                    continue;
                }
                String place = "templates[" + i + "]";
                String text = Quoted.of(templates.get(i).text());
                if (isGreek(token.text())) {
                    throw yaml.fault(place, greek(token.text(), text, cut));
                }
                if (yaml.has("regular")) {
                    throw yaml.fault(
                            place,
                            "%s of %s is neither among the wildcards nor the regular tokens"
                                    .formatted(Quoted.of(token.text()), text));
                }
            }
        }
    }

    private static String greek(String token, String text, Cut cut) {
        boolean run = token.codePointCount(0, token.length()) > 1;
        String remedy =
                run && cut == Cut.WORDS
                        ? "put spaces between wildcards, or cut into characters"
                        : "add it to wildcards, or to regular if it stands for itself";
        return "%s of %s looks like a wildcard but is not declared: %s"
                .formatted(Quoted.of(token), text, remedy);
    }

    private static boolean isGreek(String token) {
        return token.codePoints().anyMatch(c -> UnicodeScript.of(c) == UnicodeScript.GREEK);
    }

    /** The text of a file that reads as this task. */
    public static String write(Task task) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("format", FORMAT);
        keys.put("name", task.name());
        keys.put("version", task.version());
        keys.put("about", task.about());
        task.source().ifPresent(source -> keys.put("source", source));
        keys.put("labels", task.kind().toString());
        keys.put("tokens", task.cut().toString());
        keys.put("wildcards", task.wildcards().stream().map(Wildcard::name).toList());
        List<String> tokens = task.tokens().stream().map(Token::text).toList();
        if (tokens.stream().anyMatch(TaskYaml::isGreek)) {
            keys.put("regular", tokens);
        }
        keys.put("noise", task.noise());
        keys.put("templates", task.templates().stream().map(t -> entry(task, t)).toList());
        try {
            return YamlTree.MAPPER.writeValueAsString(keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task of texts and numbers is written", e);
        }
    }

    private static Map<String, Object> entry(Task task, LabelledTemplate template) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("template", template.text());
        keys.put(
                "label",
                template.label() instanceof Real real ? real.value() : template.label().toString());
        if (template.probability() != 1.0 / task.templates().size()) {
            keys.put("probability", template.probability());
        }
        return keys;
    }
}
