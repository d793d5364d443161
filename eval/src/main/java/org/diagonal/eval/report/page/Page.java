package org.diagonal.eval.report.page;

import java.util.List;

/**
 * The report of one run.
 *
 * @param id of letters, digits, dots and hyphens; unique in a file
 * @param kind what was run, in a word or two
 * @param title what it was about
 * @param lead what it says, in sentences
 * @param sections from above
 */
public record Page(
        String id, String kind, String title, List<String> lead, List<Section> sections) {

    /**
     * A part of a page under its heading.
     *
     * @param brief whether the terminal has it too
     */
    public record Section(String heading, List<Block> blocks, boolean brief) {

        /** A part that the terminal does not have. */
        public Section(String heading, List<? extends Block> blocks) {
            this(heading, List.copyOf(blocks), false);
        }

        /** A part that the terminal has too, its charts aside. */
        public static Section brief(String heading, List<? extends Block> blocks) {
            return new Section(heading, List.copyOf(blocks), true);
        }

        /** Copies the blocks. */
        public Section {
            blocks = List.copyOf(blocks);
        }
    }

    /** Copies the lists; refuses an id that no address could end with. */
    public Page {
        if (!id.matches("[A-Za-z0-9.-]+")) {
            throw new IllegalArgumentException(
                    "an id is of letters, digits, dots and hyphens: '" + id + "'");
        }
        lead = List.copyOf(lead);
        sections = List.copyOf(sections);
    }

    /** The same page under another id. */
    public Page withId(String other) {
        return new Page(other, kind, title, lead, sections);
    }

    /** All figures, in their order. */
    public List<Block.Figure> figures() {
        return sections.stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Block.Figure.class::isInstance)
                .map(Block.Figure.class::cast)
                .toList();
    }
}
