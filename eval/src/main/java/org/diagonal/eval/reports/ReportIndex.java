package org.diagonal.eval.reports;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.diagonal.eval.report.page.Page;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.run.RunFolder;

/**
 * The index of a folder of committed results: of every folder in it with a {@code README.md} that
 * file's heading, commands, date and commit, and what each result below it says. A file {@value
 * #FINDINGS} in the folder comes before them: what somebody concludes from the results.
 */
public final class ReportIndex {

    private static final String README = "README.md";
    private static final String FINDINGS = "findings.md";
    private static final String TITLE = "# Reports";

    private static final Pattern HEADING = Pattern.compile("(?m)^# (.+)$");
    private static final Pattern COMMAND = Pattern.compile("(?m)^ {4}(\\./diagonal .+)$");
    private static final Pattern DATE = Pattern.compile("\\b20\\d\\d-\\d\\d-\\d\\d\\b");
    private static final Pattern COMMIT = Pattern.compile("\\b[Cc]ommit\\s+([0-9a-f]{12})\\b");

    private static final String BEGINNING =
            """


            Committed results, each with the command, the commit and the date that made it. This page is
            made by `./diagonal report --index reports`; what is known of a result beside its numbers
            stands in the `README.md` of its folder. A `report.html` needs no network; those of comparisons
            were made beside their runs, which are too large to be here: made again from what is here they
            would lack the learning curves, the articles and the learned scalings.
            """;

    private static final String OWN =
            "\n\nThe results in this folder. `./diagonal report --index %s` makes this page again.\n\n";

    private final Path root;

    private ReportIndex(Path root) {
        this.root = root;
    }

    /**
     * Writes a folder's index.
     *
     * @return the index's file
     * @throws IOException as {@link #text} does, if the file cannot be written, or if there is
     *     another {@code README.md}
     */
    public static Path write(Path folder) throws IOException {
        Path file = folder.resolve(README);
        if (Files.exists(file) && !TextFile.read(file).startsWith(TITLE)) {
            throw FileFault.of(
                    file,
                    "is no index and not overwritten: expected its first line to be " + TITLE);
        }
        AtomicFiles.writeString(file, text(folder));
        return file;
    }

    /**
     * The index's text.
     *
     * @throws FileSystemException in one line, if there is no such folder, a result in it is
     *     damaged, or a {@code README.md} has no heading
     */
    public static String text(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        return new ReportIndex(folder).text();
    }

    private String text() throws IOException {
        boolean grouped = false;
        for (Path group : folders(root)) {
            grouped |= Files.exists(group.resolve(README)) && !isResult(group); // no model card
        }
        if (!grouped) {
            return own();
        }
        StringBuilder text = new StringBuilder(TITLE);
        Path findings = root.resolve(FINDINGS);
        if (Files.exists(findings)) {
            text.append("\n\n").append(TextFile.read(findings).strip());
            text.append("\n\n## All results");
        }
        text.append(BEGINNING);
        for (Path group : folders(root)) {
            if (Files.exists(group.resolve(README))) {
                group(group, text);
            }
        }
        return text.toString();
    }

    /** A folder of somebody's runs: what each result says. */
    private String own() throws IOException {
        StringBuilder text = new StringBuilder(TITLE).append(OWN.formatted(root));
        for (Path result : results(root)) {
            result(result, text);
        }
        return text.toString();
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        }
    }

    private void group(Path group, StringBuilder text) throws IOException {
        Path file = group.resolve(README);
        String readme = TextFile.read(file);
        List<String> headings = all(HEADING, readme);
        if (headings.isEmpty()) {
            throw FileFault.of(file, "has no heading: expected # words");
        }
        List<Path> results = results(group);
        text.append("\n## ").append(headings.get(0)).append("\n\n");
        text.append(link(file)).append(made(readme, results)).append("\n\n");
        for (String command : all(COMMAND, readme)) {
            text.append("    ").append(command).append("\n");
        }
        if (!results.isEmpty()) {
            text.append("\n");
        }
        for (Path result : results) {
            result(result, text);
        }
    }

    /** The date and the commits. */
    private static String made(String readme, List<Path> results) throws IOException {
        Set<String> commits = new LinkedHashSet<>();
        for (Path result : results) {
            commits.addAll(commits(result));
        }
        if (commits.isEmpty()) {
            commits.addAll(all(COMMIT, readme));
        }
        StringBuilder made = new StringBuilder();
        all(DATE, readme).stream().findFirst().ifPresent(date -> made.append(", ").append(date));
        if (!commits.isEmpty()) {
            made.append(commits.size() == 1 ? ", commit " : ", commits ");
            made.append(String.join(", ", commits));
        }
        return made.toString();
    }

    private static List<String> commits(Path result) throws IOException {
        List<String> commits = new ArrayList<>();
        for (String name : ResultKind.files()) {
            if (Files.exists(result.resolve(name))) {
                JsonNode root = JsonFile.read(result.resolve(name));
                root.path("commits").forEach(commit -> commits.add(commit.asText()));
                commits.add(root.path("versions").path("commit").asText());
            }
        }
        commits.removeIf(String::isEmpty);
        return commits;
    }

    /**
     * The folder itself and those in it, as far as they hold a result. Trainings of a comparison
     * are its own.
     */
    private static List<Path> results(Path group) throws IOException {
        try (Stream<Path> paths = Files.walk(group)) {
            return paths.filter(Files::isDirectory)
                    .filter(ReportIndex::isResult)
                    .filter(one -> one.equals(group) || !isPart(group, one))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isPart(Path group, Path result) {
        Path parent = result.getParent();
        return !parent.equals(group) && isResult(parent);
    }

    private static boolean isResult(Path folder) {
        return ResultKind.in(folder).isPresent()
                || (RunFolder.isFinished(folder) && Files.exists(folder.resolve(RunFolder.RUN)));
    }

    private void result(Path folder, StringBuilder text) throws IOException {
        Page page = Reports.page(folder);
        Path report = folder.resolve(Reports.FILE);
        text.append("* **").append(page.title()).append("** (").append(name(folder));
        text.append(Files.exists(report) ? ", " + link(report) : "").append("). ");
        text.append(String.join(" ", page.lead())).append("\n");
    }

    private String link(Path file) {
        String path = name(file);
        String words = file.endsWith(Reports.FILE) ? "report" : path;
        return "[%s](%s)".formatted(words, path);
    }

    private String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private static List<String> all(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Set<String> found = new LinkedHashSet<>();
        while (matcher.find()) {
            found.add(matcher.group(Math.min(1, matcher.groupCount())));
        }
        return List.copyOf(found);
    }
}
