package org.diagonal.templates.alphabet;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The symbols that may stand for wildcards in samples of one role.
 *
 * @param role what the samples are for
 * @param symbols each once, by id and by text
 */
public record Alphabet(Role role, List<Symbol> symbols) {

    /** Checks that no symbol comes twice, and copies. */
    public Alphabet {
        symbols = List.copyOf(symbols);
        Set<Integer> ids = new HashSet<>();
        Set<String> texts = new HashSet<>();
        for (Symbol symbol : symbols) {
            boolean fresh = ids.add(symbol.id());
            if (!texts.add(symbol.text()) || !fresh) {
                throw new IllegalArgumentException(
                        "the %s alphabet has %s twice".formatted(role, symbol));
            }
        }
    }

    /** The number of symbols. */
    public int size() {
        return symbols.size();
    }
}
