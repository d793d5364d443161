package org.diagonal.eval.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.diagonal.eval.report.page.Table.Cell;

/**
 * A table in the making that has a row for each of some things: every column is its name and the
 * cell that it has for a thing.
 *
 * @param <T> what a row is about
 */
public final class Columns<T> {

    private final List<String> names = new ArrayList<>();
    private final List<Function<? super T, Cell>> cells = new ArrayList<>();

    /** Adds a column to the right. */
    public Columns<T> add(String name, Function<? super T, Cell> cell) {
        names.add(name);
        cells.add(cell);
        return this;
    }

    /** The table of some things, in their order. */
    public Table table(String caption, List<? extends T> things) {
        return new Table(caption, names, things.stream().map(this::row).toList());
    }

    private List<Cell> row(T thing) {
        return cells.stream().map(cell -> cell.apply(thing)).toList();
    }
}
