package org.diagonal.eval.report.page;

import org.diagonal.eval.report.chart.Chart;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.SvgWriter;
import org.diagonal.eval.report.chart.Tone;

/** Charts as SVG files of their own, on white, for papers and slides. */
public final class SvgFile {

    private static final String SHAPES =
            "text{font:12px sans-serif}text[font-size]{font-size:10.5px}"
                    + "polyline{fill:none;stroke-linejoin:round;stroke-linecap:round}"
                    + ".dash{stroke-dasharray:5 4}.faint{opacity:.35}"
                    + ".hollow{fill:#fff;stroke-width:1.5}.on-strong{fill:#fff}";

    private SvgFile() {}

    /** The file's text. */
    public static String text(Block.Figure figure) {
        Chart chart = figure.chart();
        StringBuilder style = new StringBuilder("<style>");
        for (Ink ink : Ink.values()) {
            style.append(
                    ".f-%1$s{fill:%2$s}.s-%1$s{stroke:%2$s}".formatted(ink.word(), ink.light()));
        }
        for (int level = -Tone.STEPS; level <= Tone.STEPS; level++) {
            Tone tone = new Tone(level);
            style.append(".%s{fill:%s}".formatted(tone.word(), tone.light()));
        }
        style.append(SHAPES).append("</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        String svg = SvgWriter.write(chart, chart.draw(Chart.WIDE), figure.name(), "file");
        String named = svg.replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ");
        int inside = named.indexOf("</desc>") + "</desc>".length();
        return named.substring(0, inside) + style + named.substring(inside) + "\n";
    }
}
