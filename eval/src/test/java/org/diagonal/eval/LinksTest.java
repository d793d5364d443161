package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link from one file of the repository to another finds the file, and its heading. */
class LinksTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of(".", "plugin", "eval", "wikitext", "templates")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        for (String folder : List.of("reports", "models", "plugin/src")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    /** A heading's anchor, as the viewers of Markdown make it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<String> first(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void everyLinkFindsItsFileAndHeading() throws IOException {
        int links = 0;
        for (Path page : pages()) {
            for (String link : first(LINK, page)) {
                if (link.matches("[a-z]+:.*")) {
                    continue; // another site
                }
                String[] parts = link.split("#", 2);
                Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
                assertThat(file).as(link + " in " + page).exists();
                if (parts.length == 2) {
                    assertThat(first(HEADING, file).stream().map(LinksTest::anchor))
                            .as(link + " in " + page)
                            .contains(parts[1]);
                }
                links++;
            }
        }
        assertThat(links).isGreaterThan(100);
    }

    @Test
    void anchorsAreThoseOfTheViewers() {
        assertThat(anchor("Install, move, uninstall")).isEqualTo("install-move-uninstall");
        assertThat(anchor("Coming from Hugging Face's `run_clm.py`"))
                .isEqualTo("coming-from-hugging-faces-run_clmpy");
    }
}
