package org.diagonal.eval.cli.listing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.hub.Hub;

/**
 * A model or a text that has a name, for other programs.
 *
 * @param name what users write
 * @param about one line
 * @param license of the files
 * @param source repository on the hub; absent for what comes with this program
 * @param parameters of a model
 * @param bytes of all files
 * @param state {@code bundled}, {@code cached}, {@code partly_cached} or {@code to_download}
 * @param folder where the files are or go; absent where they are in none
 */
public record CatalogueJson(
        String name,
        String about,
        String license,
        Optional<String> source,
        OptionalLong parameters,
        OptionalLong bytes,
        String state,
        Optional<String> folder) {

    public static List<CatalogueJson> of(List<Hub.Entry> entries) {
        return entries.stream().map(CatalogueJson::of).toList();
    }

    private static CatalogueJson of(Hub.Entry entry) {
        return new CatalogueJson(
                entry.card().name(),
                entry.card().about(),
                entry.card().license(),
                entry.card().source(),
                entry.card().parameters(),
                entry.bytes(),
                entry.state().name().toLowerCase(Locale.ROOT),
                Optional.of(entry.folder().toString()));
    }

    /** The text that is read from a jar. */
    public static CatalogueJson europarl() {
        return new CatalogueJson(
                Hub.EUROPARL,
                "English of the European Parliament, the text of the defaults",
                "Apache-2.0",
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "bundled",
                Optional.empty());
    }
}
