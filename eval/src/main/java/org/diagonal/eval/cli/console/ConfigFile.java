package org.diagonal.eval.cli.console;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.templates.task.Nearest;
import org.diagonal.templates.task.YamlTree;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of one command from a YAML file, as defaults that flags override.
 *
 * <p>Keys are the options' long names without dashes; values are scalars, or lists of scalars for
 * options that take several.
 */
final class ConfigFile implements IDefaultValueProvider {

    /** A value as the command line would take it, and its line. */
    private record Entry(String value, int line) {}

    private final Path file;
    private final CommandLine command;
    private final Map<String, OptionSpec> known = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ConfigFile(Path file, CommandLine command) {
        this.file = file;
        this.command = command;
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : spec.options()) {
            if (!option.usageHelp() && !key(option).equals("config")) {
                known.put(key(option), option);
            }
        }
    }

    /**
     * Reads a file for a command.
     *
     * @throws ParameterException if it cannot be read, or is not what the command takes
     */
    static ConfigFile read(Path file, CommandLine command) {
        ConfigFile config = new ConfigFile(file, command);
        if (Files.isDirectory(file)) {
            throw config.wrong(0, "is a folder, expected a YAML file (--config)");
        }
        try (YAMLParser yaml = new YAMLFactory().createParser(TextFile.read(file))) {
            config.document(yaml);
        } catch (JsonProcessingException e) {
            throw config.wrong(line(e.getLocation()), "is no YAML: " + YamlTree.reason(e));
        } catch (IOException e) {
            throw new ParameterException(command, "--config: " + Failure.line(e), e);
        }
        return config;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && entries.containsKey(key(option))
                ? entries.get(key(option)).value
                : null; // picocli's word for "the option's own default"
    }

    /** Where an option's value stands, as {@code file:line: }, if it is the file's. */
    Optional<String> place(OptionSpec option, String value) {
        return Optional.ofNullable(entries.get(key(option)))
                .filter(entry -> List.of(entry.value.split(",", -1)).contains(value))
                .map(entry -> file + ":" + entry.line + ": ");
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static int line(JsonLocation location) {
        return location == null ? 0 : location.getLineNr();
    }

    private ParameterException wrong(int line, String words) {
        String where = line > 0 ? file + ":" + line + ": " : file + ": ";
        return new ParameterException(command, where + words);
    }

    private void document(YAMLParser yaml) throws IOException {
        JsonToken first = yaml.nextToken();
        if (first == null) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            throw wrong(here(yaml), "expected lines such as 'batch-size: 4'");
        }
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            entry(yaml, yaml.currentName(), here(yaml));
        }
        if (yaml.nextToken() != null) {
            throw wrong(here(yaml), "holds a second document");
        }
    }

    private void entry(YAMLParser yaml, String key, int line) throws IOException {
        if (!known.containsKey(key)) {
            String question = Nearest.question(key, known.keySet());
            String name = command.getCommandSpec().qualifiedName();
            throw wrong(line, "unknown option '" + key + "' for " + name + question);
        }
        if (entries.containsKey(key)) {
            throw wrong(line, key + " stands in line " + entries.get(key).line + " too");
        }
        entries.put(key, new Entry(value(yaml, key, line), line));
    }

    private String value(YAMLParser yaml, String key, int line) throws IOException {
        OptionSpec option = known.get(key);
        JsonToken token = yaml.nextToken();
        refuseAlias(yaml, key, line);
        if (token == JsonToken.START_OBJECT) {
            throw wrong(line, key + " takes a value, not a map");
        }
        if (token == JsonToken.START_ARRAY) {
            return list(yaml, key, line);
        }
        if (token == JsonToken.VALUE_NULL || yaml.getText().isEmpty()) {
            throw wrong(line, key + " has no value");
        }
        if (isSwitch(option) && token.isBoolean()) {
            return Boolean.toString(yaml.getBooleanValue()); // YAML has more words for the two
        }
        if (option.arity().max() == 0 || (isSwitch(option) && !isBoolean(yaml.getText()))) {
            throw wrong(line, key + " must be true or false, not '" + yaml.getText() + "'");
        }
        return yaml.getText();
    }

    private static boolean isSwitch(OptionSpec option) {
        List<Class<?>> types = Arrays.asList(option.auxiliaryTypes());
        return types.contains(Boolean.class) || types.contains(Boolean.TYPE);
    }

    private static boolean isBoolean(String words) {
        return words.equalsIgnoreCase("true") || words.equalsIgnoreCase("false");
    }

    /** The parser gives an alias as the text of its name. */
    private void refuseAlias(YAMLParser yaml, String key, int line) throws IOException {
        if (yaml.isCurrentAlias()) {
            throw wrong(line, "%s: %s".formatted(key, YamlTree.alias(yaml.getText())));
        }
    }

    private String list(YAMLParser yaml, String key, int line) throws IOException {
        if (known.get(key).splitRegex().isEmpty()) {
            throw wrong(line, key + " takes one value, not a list");
        }
        List<String> values = new ArrayList<>();
        while (yaml.nextToken() != JsonToken.END_ARRAY) {
            refuseAlias(yaml, key, line);
            if (!yaml.currentToken().isScalarValue()) {
                throw wrong(line, key + " takes a list of plain values");
            }
            values.add(yaml.getText());
        }
        return String.join(",", values);
    }

    private static int here(JsonParser yaml) {
        return line(yaml.currentTokenLocation());
    }
}
