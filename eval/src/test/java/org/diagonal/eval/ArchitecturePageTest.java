package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The picture in ARCHITECTURE.md is drawn from the packages that there are. */
final class ArchitecturePageTest {

    private static final Path ROOT = Path.of(System.getProperty("diagonal.root"));
    private static final Path PAGE = ROOT.resolve("ARCHITECTURE.md");
    private static final String BEGIN = "<!-- rooms: drawn by ArchitecturePageTest -->\n";
    private static final String END = "<!-- end of rooms -->\n";

    private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*(.*?)\\*/");
    private static final Pattern TAG = Pattern.compile("\\{@(?:code|link) ([^}]*)\\}");

    @Test
    void thePictureIsThatOfTheRooms() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String drawn = drawn();
        if (System.getenv("DIAGONAL_DRAW") != null) {
            Files.writeString(PAGE, page.substring(0, begin) + drawn + page.substring(end));
        }
        assertThat(page.substring(begin, end))
                .as("run this test with DIAGONAL_DRAW=1 in the environment to draw it again")
                .isEqualTo(drawn);
    }

    private static String drawn() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String module : Rooms.modules()) {
            text.append("\n### ").append(module).append("\n\n");
            text.append("| layer | package | what it holds |\n|---|---|---|\n");
            List<List<String>> floors = Rooms.floors(module);
            for (int floor = floors.size() - 1; floor >= 0; floor--) {
                Set<String> rooms = new TreeSet<>(floors.get(floor));
                String number = Integer.toString(floor);
                for (String room : rooms) {
                    text.append("| %s | `%s` | %s |%n".formatted(number, room, sentence(room)));
                    number = "";
                }
            }
        }
        return text.append('\n').toString();
    }

    /** The first sentence of a package's Javadoc. */
    private static String sentence(String room) throws IOException {
        String module = room.split("\\.", 2)[0];
        Path file =
                ROOT.resolve(module + "/src/main/java/org/diagonal")
                        .resolve(room.replace('.', '/'))
                        .resolve("package-info.java");
        Matcher javadoc = JAVADOC.matcher(Files.readString(file));
        assertThat(javadoc.find()).as(room).isTrue();
        String words =
                javadoc.group(1)
                        .lines()
                        .map(line -> line.replaceFirst("^\\s*\\* ?", "").strip())
                        .takeWhile(line -> !line.startsWith("<p>"))
                        .collect(Collectors.joining(" "))
                        .strip();
        String plain = TAG.matcher(words).replaceAll("$1");
        int end = plain.indexOf(". ");
        return end < 0 ? plain : plain.substring(0, end + 1);
    }
}
