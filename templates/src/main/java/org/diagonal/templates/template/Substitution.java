package org.diagonal.templates.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A substitution map (Definition 3.1): the symbol of each wildcard, no symbol twice.
 *
 * @param symbols symbols by wildcard
 */
public record Substitution(Map<Wildcard, String> symbols) {

    /** Checks that the map is injective, and copies it in its order. */
    public Substitution {
        Map<String, Wildcard> owners = new LinkedHashMap<>();
        symbols.forEach(
                (wildcard, symbol) -> {
                    Wildcard other = owners.put(symbol, wildcard);
                    if (other != null) {
                        throw new IllegalArgumentException(
                                "a substitution map must be injective: %s and %s are both \"%s\""
                                        .formatted(other, wildcard, symbol));
                    }
                });
        symbols = Collections.unmodifiableMap(new LinkedHashMap<>(symbols));
    }

    /**
     * What an element becomes.
     *
     * @throws IllegalArgumentException for a wildcard without a symbol
     */
    public String of(Element element) {
        if (element instanceof Token token) {
            return token.text();
        }
        String symbol = symbols.get((Wildcard) element);
        if (symbol == null) {
            throw new IllegalArgumentException(
                    "wildcard " + element + " has no symbol in " + symbols);
        }
        return symbol;
    }
}
