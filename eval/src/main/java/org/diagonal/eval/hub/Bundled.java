package org.diagonal.eval.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * A model on the class path, copied to a folder because networks map their weights from a file. The
 * folder's name has a hash of the contents, so that another version of the program has another one.
 *
 * @param models the folder in the cache in which models lie
 */
record Bundled(Cards cards, Path models) {

    /** Where the copy lies, or will. */
    Path folder(Card card) throws IOException {
        MessageDigest all = DigestUtils.getSha256Digest();
        for (String name : card.files().keySet()) {
            all.update(name.getBytes(StandardCharsets.UTF_8));
            all.update(HexFormat.of().parseHex(pin(card, name).sha256().orElseThrow()));
        }
        return models.resolve(
                card.name() + "-" + HexFormat.of().formatHex(all.digest()).substring(0, 12));
    }

    /** Length and hash of a file as it is on the class path. */
    Pin pin(Card card, String name) throws IOException {
        try (InputStream in = cards.open(card.name() + "/" + name)) {
            byte[] bytes = in.readAllBytes();
            return new Pin(
                    OptionalLong.of(bytes.length), Optional.of(DigestUtils.sha256Hex(bytes)));
        }
    }

    /**
     * Copies what the folder lacks: a file gets its name only when it is whole. Two processes at a
     * time write the same bytes.
     */
    void copy(Card card, Path folder) throws IOException {
        CacheFolder.create(folder);
        for (String name : card.files().keySet()) {
            Path target = folder.resolve(name);
            if (!Files.isRegularFile(target)) {
                AtomicFiles.write(
                        target,
                        part -> {
                            try (InputStream in = cards.open(card.name() + "/" + name)) {
                                Files.copy(in, part);
                            }
                        });
            }
        }
    }
}
