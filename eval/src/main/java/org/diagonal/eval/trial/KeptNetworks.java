package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.record.Records;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;

/**
 * The networks that the trials of a folder keep, each in {@code models/HASH/}; see {@link
 * KeptNetwork}.
 *
 * <p>A network's folder is whole or absent, and is made before the trial's file. It holds the
 * trial's result too, so that of two processes that train the same trial the first one's network
 * and result count, together.
 *
 * @param out the folder of results, which also holds {@code trials/}
 */
public record KeptNetworks(Path out) {

    /** The folder of the networks in a folder of results. */
    public static final String FOLDER = "models";

    /** Where a trial's network is kept. */
    public Path of(Trial trial) {
        return out.resolve(FOLDER).resolve(trial.hash());
    }

    /**
     * The result of a trial whose network is kept.
     *
     * @return empty if there is none, or if the trial's file has another result: then the network
     *     is not the one that was measured
     * @throws IOException in one line, if one of the two cannot be read
     */
    public Optional<TrialResult> result(Trial trial) throws IOException {
        Path folder = of(trial);
        if (!Files.exists(folder)) {
            return Optional.empty();
        }
        KeptNetwork kept = read(folder);
        Records.difference(trial.json(), kept.trial().json())
                .ifPresent(other -> refuse(folder, other));
        Optional<TrialResult> filed = filed(trial);
        boolean same =
                filed.isEmpty() || TrialFile.difference(filed.get(), kept.result()).isEmpty();
        return same ? Optional.of(kept.result()) : Optional.empty();
    }

    private static KeptNetwork read(Path folder) throws IOException {
        try {
            return KeptNetwork.read(folder);
        } catch (FileSystemException e) {
            throw FileFault.of(
                    folder,
                    "the network kept there is damaged: %s; delete the folder to have it made again"
                            .formatted(FileFault.why(e)),
                    e);
        }
    }

    private static void refuse(Path folder, Records.Difference other) {
        throw new IllegalArgumentException(
                folder + ": is the network of another trial: " + other.expected());
    }

    private Optional<TrialResult> filed(Trial trial) throws IOException {
        return TrialFile.read(out.resolve(TrialBatch.FOLDER), trial);
    }

    /**
     * Keeps a network that was trained and measured.
     *
     * @return the result that counts: that of another process, if one was quicker
     * @throws IllegalStateException in one line, if the trial has a file with another result
     */
    TrialResult keep(Trial trial, TrialResult result, TrialNetwork learner) throws IOException {
        Optional<TrialResult> filed = filed(trial);
        if (filed.isPresent()) {
            TrialFile.difference(filed.get(), result).ifPresent(other -> refuse(trial, other));
        }
        Optional<TrialResult> before = result(trial);
        if (before.isPresent()) {
            return before.get();
        }
        Path folder = of(trial);
        AtomicFiles.removeFolder(folder); // of another result than the file's
        try {
            AtomicFiles.writeFolder(
                    folder,
                    part -> {
                        TrialFile.writeTo(part.resolve(KeptNetwork.FILE), trial, result);
                        learner.save(part);
                    });
        } catch (FileAlreadyExistsException e) {
            return result(trial).orElseThrow(() -> new IllegalStateException(e.getMessage(), e));
        }
        return result;
    }

    private void refuse(Trial trial, Records.Difference other) {
        Path file = TrialFile.of(out.resolve(TrialBatch.FOLDER), trial);
        throw new IllegalStateException(
                ("%s has %s %s, and training it again to keep its network gave %s: another machine,"
                                + " number of threads or version trained it; choose another folder")
                        .formatted(file, other.key(), other.first(), other.second()));
    }

    /**
     * Refuses a folder that is not on this machine.
     *
     * @throws IOException in one line
     */
    public void requireShared() throws IOException {
        if (!Files.isDirectory(out.resolve(TrialBatch.FOLDER))) {
            throw FileFault.of(
                    out,
                    "is not on this machine: networks can be kept only in a folder that all"
                            + " machines share");
        }
    }
}
