package org.diagonal.eval.report.page;

import java.util.List;
import org.diagonal.eval.report.chart.Chart;
import org.diagonal.eval.report.chart.SvgWriter;

/** What sections consist of. */
public sealed interface Block {

    /** A paragraph. */
    record Prose(String words) implements Block {}

    /** What a reader would miss: something that is not there, and why. */
    record Notice(String words) implements Block {}

    /** Names with their values, such as settings. */
    record Facts(List<Fact> facts) implements Block {

        /** Copies the facts. */
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** A name with its value. */
    record Fact(String name, String value) {}

    /** A table that is always open. */
    record Listing(Table table) implements Block {}

    /**
     * A chart, and the same numbers as a table.
     *
     * @param name of its PNG file; unique in its page
     */
    record Figure(String name, Chart chart, Table table) implements Block {

        /** The chart for a page's column and for a phone's; the style sheet shows one of them. */
        public String svg(String page) {
            String id = page + "-" + name;
            return SvgWriter.write(chart, chart.draw(Chart.WIDE), id, "wide")
                    + SvgWriter.write(chart, chart.draw(Chart.NARROW), id + "-n", "narrow");
        }
    }
}
