package org.diagonal.plugin.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {

    @TempDir Path work;

    @Test
    void aFolderIsLockedOnceUntilItIsReleased() throws IOException {
        Path folder = work.resolve("new");
        LockFile lock = LockFile.ofFolder(folder);
        assertThatThrownBy(() -> LockFile.ofFolder(folder))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(folder + ": this process holds it already");
        lock.close();
        LockFile.ofFolder(folder).close();
    }

    @Test
    void aFolderThatCannotBeIsNamed() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "");
        assertThatThrownBy(() -> LockFile.ofFolder(file.resolve("in")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(file.resolve("in") + ": cannot be written to: ");
    }

    @Test
    void placesOfAFileAreLockedOneByOne() throws IOException {
        Path file = work.resolve("claims");
        try (LockFile claims = LockFile.open(file)) {
            FileLock first = claims.tryLock(7).orElseThrow();
            assertThat(claims.tryLock(7)).isEmpty();
            assertThat(claims.tryLock(8)).isPresent();
            first.release();
            assertThat(claims.tryLock(7)).isPresent();
        }
    }

    @Test
    void whoWaitsGetsTheLockWhenTheOtherIsDone() throws Exception {
        Path file = work.resolve(".target.lock");
        LockFile first = LockFile.await(file);
        CompletableFuture<Boolean> second =
                CompletableFuture.supplyAsync(
                        () -> {
                            try (LockFile lock = LockFile.await(file)) {
                                lock.closeAndRemove();
                                return true;
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        assertThat(second).isNotDone();
        first.close();
        assertThat(second.get(1, TimeUnit.MINUTES)).isTrue();
        assertThat(file).doesNotExist();
    }
}
