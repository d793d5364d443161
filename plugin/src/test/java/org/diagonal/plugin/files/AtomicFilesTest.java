package org.diagonal.plugin.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

    @TempDir private Path folder;

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void textReplacesTextAndNothingIsLeftBeside() throws IOException {
        Path target = folder.resolve("sub").resolve("run.json");
        AtomicFiles.writeString(target, "old");
        AtomicFiles.writeString(target, "nëw");
        assertThat(target).hasContent("nëw");
        assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
    }

    @Test
    void aWriterThatThrowsLeavesTheOldFileAndNoOther() throws IOException {
        Path target = folder.resolve("model");
        AtomicFiles.writeString(target, "old");
        assertThatThrownBy(
                        () ->
                                AtomicFiles.write(
                                        target,
                                        part -> {
                                            Files.writeString(part, "half");
                                            throw new IOException("No space left on device");
                                        }))
                .hasMessage(target + ": could not be written: No space left on device");
        assertThatThrownBy(
                        () ->
                                AtomicFiles.write(
                                        target,
                                        part -> {
                                            Files.writeString(part, "half");
                                            throw new IllegalStateException("stop");
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(target).hasContent("old");
        assertThat(list()).containsExactly(target);
    }

    @Test
    void theTargetStaysOldUntilTheWriterIsDone() throws IOException {
        Path target = folder.resolve("model");
        AtomicFiles.writeString(target, "old");
        AtomicFiles.write(
                target,
                part -> {
                    Files.writeString(part, "new");
                    assertThat(target).hasContent("old");
                    assertThat(part.getParent()).isEqualTo(target.getParent());
                    assertThat(AtomicFiles.isPart(part)).isTrue();
                });
        assertThat(target).hasContent("new");
        assertThat(AtomicFiles.isPart(target)).isFalse();
    }

    @Test
    void foldersAppearWhole() throws IOException {
        Path target = folder.resolve("checkpoint-10");
        AtomicFiles.writeFolder(
                target,
                part -> {
                    Files.createDirectories(part.resolve("deep/er"));
                    Files.writeString(part.resolve("deep/er/file"), "x");
                    assertThat(target).doesNotExist();
                });
        assertThat(target.resolve("deep/er/file")).hasContent("x");
        assertThat(list()).containsExactly(target);
    }

    @Test
    void aFolderWriterThatThrowsLeavesNothing() throws IOException {
        Path target = folder.resolve("checkpoint-10");
        assertThatThrownBy(
                        () ->
                                AtomicFiles.writeFolder(
                                        target,
                                        part -> {
                                            Files.writeString(part.resolve("file"), "half");
                                            throw new IOException("no");
                                        }))
                .isInstanceOf(IOException.class);
        assertThat(list()).isEmpty();
    }

    @Test
    void anEmptyFolderStaysUntilTheNewOneIsWhole() throws IOException {
        Path target = Files.createDirectory(folder.resolve("checkpoint-10"));
        assertThatThrownBy(
                        () ->
                                AtomicFiles.writeFolder(
                                        target,
                                        part -> {
                                            throw new IOException("no");
                                        }))
                .hasMessageEndingWith("no");
        assertThat(list()).containsExactly(target);
        AtomicFiles.writeFolder(target, part -> Files.writeString(part.resolve("file"), "x"));
        assertThat(target.resolve("file")).hasContent("x");
        assertThat(list()).containsExactly(target);
    }

    @Test
    void aFolderThatHoldsSomethingIsNotOverwrittenAndItsWriterNotCalled() throws IOException {
        Path target = Files.createDirectory(folder.resolve("checkpoint-10"));
        Files.writeString(target.resolve("file"), "x");
        assertThatThrownBy(
                        () ->
                                AtomicFiles.writeFolder(
                                        target,
                                        part -> {
                                            throw new IllegalStateException("was called");
                                        }))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageStartingWith(target.toString());
    }

    @Test
    void whatADeadProcessLeftIsRemovedByTheNextWriterOfThatTargetOnly() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String left = ".%s." + dead.pid() + "-12345-abc.part";
        Path leftFile = Files.writeString(folder.resolve(left.formatted("model")), "half");
        Path leftFolder = Files.createDirectory(folder.resolve(left.formatted("checkpoint-10")));
        Files.writeString(leftFolder.resolve("file"), "half");
        long self = ProcessHandle.current().pid();
        Path reused = folder.resolve(".model." + self + "-1-abc.part");
        Files.writeString(reused, "of an older process with the number of this one");

        AtomicFiles.writeString(folder.resolve("other"), "x");
        assertThat(list()).contains(leftFile, leftFolder, reused);
        AtomicFiles.writeString(folder.resolve("model"), "x");
        AtomicFiles.writeFolder(folder.resolve("checkpoint-10"), part -> {});
        assertThat(list())
                .containsExactlyInAnyOrder(
                        folder.resolve("other"),
                        folder.resolve("model"),
                        folder.resolve("checkpoint-10"));
    }

    @Test
    void whatALiveWriterIsFillingStays() throws IOException {
        Path target = folder.resolve("model");
        AtomicFiles.write(
                target,
                part -> {
                    Files.writeString(part, "first");
                    AtomicFiles.writeString(target, "second");
                    assertThat(part).hasContent("first");
                });
        assertThat(target).hasContent("first");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path target = file.resolve("x");
        assertThatThrownBy(() -> AtomicFiles.writeString(target, "y"))
                .hasMessage(target + ": could not be written: " + file + " is no folder");
        assertThatThrownBy(() -> AtomicFiles.requirePlace(target))
                .hasMessage(target + ": cannot be written: " + file + " is no folder");
        AtomicFiles.requirePlace(folder.resolve("new").resolve("deep"));
        assertThat(list()).containsExactly(file);
    }

    @Test
    void aFolderInThePlaceOfTheFileIsNamed() throws IOException {
        Path target = Files.createDirectory(folder.resolve("result.json"));
        assertThatThrownBy(() -> AtomicFiles.writeString(target, "y"))
                .hasMessageStartingWith(target + ": could not be written: ")
                .hasMessageNotContaining(".part");
        assertThat(list()).containsExactly(target);
    }

    @Test
    void aFileThatCannotBeWrittenInsideOfAFolderIsNamedByItsFinalName() {
        Path target = folder.resolve("checkpoint-10");
        assertThatThrownBy(
                        () ->
                                AtomicFiles.writeFolder(
                                        target,
                                        part ->
                                                AtomicFiles.write(
                                                        part.resolve("model"),
                                                        file -> {
                                                            throw new IOException("No space");
                                                        })))
                .hasMessage(target.resolve("model") + ": could not be written: No space");
        assertThat(target).doesNotExist();
    }

    @Test
    void whatDeadProcessesLeftOfAnyTargetCanBeRemoved() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String left = ".step-13." + dead.pid() + "-12345-abc.part";
        Files.createDirectory(folder.resolve(left));
        Files.writeString(folder.resolve(left).resolve("file"), "half");
        Path whole = Files.writeString(folder.resolve("step-14"), "");
        AtomicFiles.removeLeftovers(folder);
        assertThat(list()).containsExactly(whole);
    }

    /** A process that fills a folder until it is asked to end. */
    static final class Filling {

        private Filling() {}

        /** Makes files, more and more of them. */
        public static void main(String[] args) throws IOException {
            AtomicFiles.writeFolder(
                    Path.of(args[0]),
                    part -> {
                        for (int i = 0; ; i++) {
                            Path inside = Files.createDirectory(part.resolve("folder-" + i));
                            Files.writeString(inside.resolve("file"), "half");
                            if (i == 10) {
                                System.out.println("filling");
                            }
                        }
                    });
        }
    }

    @Test
    @Timeout(60)
    void aProcessThatIsAskedToEndLeavesNothingOfAFolder() throws Exception {
        Path target = folder.resolve("exported");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Filling.class.getName(),
                                target.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader said = process.inputReader()) {
            assertThat(said.readLine()).isEqualTo("filling");
            assertThat(list()).hasSize(1).allMatch(AtomicFiles::isPart);
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
        assertThat(list()).isEmpty();
    }
}
