package org.diagonal.eval.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.diagonal.eval.report.chart.HeatMap;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table.Cell;
import org.junit.jupiter.api.Test;

final class HtmlWriterTest {

    private static final String NASTY = "<script>alert('\"&')</script>";

    private static Page page(String words) {
        Table table =
                Table.of(words, words, "number")
                        .row(Cell.of(words), Cell.of("0.98", 0.984651415))
                        .row(Cell.of(words), Cell.of(""))
                        .build();
        HeatMap map = new HeatMap(words, words, "a", List.of(List.of(0.5, -0.5)));
        return new Page(
                "run",
                words,
                words,
                List.of(words),
                List.of(
                        new Section(
                                words,
                                List.of(
                                        new Block.Prose(words),
                                        new Block.Notice(words),
                                        new Block.Facts(List.of(new Block.Fact(words, words))),
                                        new Block.Listing(table),
                                        new Block.Figure("map", map, table)))));
    }

    @Test
    void nothingThatARunIsCalledBecomesMarkup() {
        String html = HtmlWriter.write(List.of(page(NASTY), page(NASTY)));
        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;");
    }

    @Test
    void nothingOutsideOfTheFileIsNamed() {
        String html = HtmlWriter.write(List.of(page("words")));
        assertThat(
                        Pattern.compile("(src|href|url|@import)\\s*[=(]?\\s*[\"']?(?!data:|#)http")
                                .matcher(html)
                                .find())
                .isFalse();
        assertThat(html)
                .doesNotContain("http:", "https:", "//", "<script", "@import", "url(")
                .contains("default-src &#39;none&#39;".replace("&#39;", "'"));
    }

    @Test
    void everyFigureHasATextAlternativeAndItsTable() {
        String html = HtmlWriter.write(List.of(page("words")));
        assertThat(html)
                .contains("role=\"img\"", "<details>", "aria-labelledby=\"run-map-t run-map-d\"")
                .contains("<data value=\"0.984651415\">0.98</data>");
    }

    @Test
    void severalPagesStandBelowAnIndexWithIdsOfTheirOwn() {
        String html = HtmlWriter.write(List.of(page("words"), page("words"), page("words")));
        assertThat(html)
                .contains("3 reports")
                .contains("href=\"#run\"", "href=\"#run-2\"", "href=\"#run-3\"")
                .contains("<article id=\"run\">", "<article id=\"run-2\">");
        assertThat(HtmlWriter.write(List.of(page("words")))).doesNotContain("<nav");
    }

    @Test
    void idsThatNoAddressEndsWithAreRefused() {
        assertThatThrownBy(() -> page("words").withId("a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Table.of("c", "one", "two").row(Cell.of("1")).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
