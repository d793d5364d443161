package org.diagonal.eval.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.Tone;

/** The style sheet of a report: {@code report.css}, and the colours of the charts before it. */
final class StyleSheet {

    private static final String FILE = "report.css";

    private StyleSheet() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append(":root{").append(colours(Ink::light, Tone::light)).append("}\n");
        text.append("@media screen and (prefers-color-scheme:dark){:root{")
                .append(colours(Ink::dark, Tone::dark))
                .append("}}\n");
        for (Ink ink : Ink.values()) {
            String word = ink.word();
            text.append(".f-%1$s{fill:var(--%1$s)}.s-%1$s{stroke:var(--%1$s)}".formatted(word));
        }
        for (int level = -Tone.STEPS; level <= Tone.STEPS; level++) {
            text.append(".%1$s{fill:var(--%1$s)}".formatted(new Tone(level).word()));
        }
        return text.append("\n").append(file()).toString();
    }

    private static String colours(Function<Ink, String> inks, Function<Tone, String> tones) {
        StringBuilder text = new StringBuilder();
        for (Ink ink : Ink.values()) {
            text.append("--%s:%s;".formatted(ink.word(), inks.apply(ink)));
        }
        for (int level = -Tone.STEPS; level <= Tone.STEPS; level++) {
            Tone tone = new Tone(level);
            text.append("--%s:%s;".formatted(tone.word(), tones.apply(tone)));
        }
        return text.toString();
    }

    private static String file() {
        try (InputStream in = StyleSheet.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
