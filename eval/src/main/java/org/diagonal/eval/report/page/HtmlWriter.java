package org.diagonal.eval.report.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reports as one HTML file: no script, no request, nothing that is not in it. */
public final class HtmlWriter {

    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(ContentType.Html);

    private HtmlWriter() {}

    /**
     * The file's text.
     *
     * @param pages at least one; several stand below an index
     */
    public static String write(List<Page> pages) {
        StringOutput html = new StringOutput();
        Map<String, Object> values = Map.of("pages", distinct(pages), "style", StyleSheet.text());
        TEMPLATES.render("report.jte", values, html);
        return html.toString();
    }

    /**
     * The same, loaded again by a browser after some seconds.
     *
     * @param seconds between two loads
     */
    public static String refreshing(List<Page> pages, int seconds) {
        String begin = "<meta charset=\"utf-8\">";
        return write(pages)
                .replaceFirst(
                        begin,
                        begin + "\n<meta http-equiv=\"refresh\" content=\"" + seconds + "\">");
    }

    /** Runs of different folders may have the same name. */
    private static List<Page> distinct(List<Page> pages) {
        Set<String> ids = new HashSet<>();
        List<Page> distinct = new ArrayList<>();
        for (Page page : pages) {
            String id = page.id();
            for (int i = 2; !ids.add(id); i++) {
                id = page.id() + "-" + i;
            }
            distinct.add(page.withId(id));
        }
        return distinct;
    }
}
