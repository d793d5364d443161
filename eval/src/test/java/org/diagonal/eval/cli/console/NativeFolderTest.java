package org.diagonal.eval.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.diagonal.eval.cli.Tiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeFolderTest {

    @TempDir Path folder;
    private String user;

    @BeforeEach
    void posix() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        user = Files.getOwner(folder).getName();
    }

    private Path home(String permissions) throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        return Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(permissions));
    }

    private NativeFolder in(Path home) {
        return new NativeFolder(home, folder.resolve("cache"), user);
    }

    private Path own() {
        return folder.resolve("cache/native-" + user);
    }

    @Test
    void aHomeOfOnesOwnIsDjlsChoice() throws IOException {
        assertThat(in(home("rwxr-xr-x")).instead()).isEmpty();
        Files.createDirectory(folder.resolve("home/.djl.ai"));
        assertThat(in(folder.resolve("home")).instead()).isEmpty();
    }

    @Test
    void withoutAHomeTheCacheHoldsAFolderForThisUserAlone() throws IOException {
        assertThat(in(folder.resolve("absent")).instead()).contains(own());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own())))
                .isEqualTo("rwx------");
        assertThat(in(folder.resolve("absent")).instead()).contains(own());
    }

    @Test
    void aFolderThatOthersCanWriteToIsNotTaken() throws IOException {
        Path home = home("rwxrwxrwx");
        assertThat(in(home).instead()).contains(own());
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Path usual = Files.createDirectory(home.resolve(".djl.ai"));
        Files.setPosixFilePermissions(usual, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(in(home).instead()).contains(own());
    }

    @Test
    void aFolderThatSomebodyElsePreparedIsRefused() throws IOException {
        Files.createDirectories(own());
        Files.setPosixFilePermissions(own(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> in(folder.resolve("absent")).instead())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(own() + ": is not a folder that user " + user + " owns")
                .hasMessageContaining("DIAGONAL_CACHE can name a folder of your own");
        assertThatThrownBy(
                        () ->
                                new NativeFolder(
                                                folder.resolve("absent"),
                                                folder.resolve("file/cache"),
                                                Files.createFile(folder.resolve("file")).toString())
                                        .instead())
                .hasMessageContaining("cannot be made");
    }

    @Test
    void aProcessWithoutAHomeLoadsNothingFromTheTemporaryFolder() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> line =
                new ArrayList<>(
                        Tiny.line(
                                "generate",
                                "--model",
                                "nano",
                                "--prompt",
                                "The",
                                "--max-new-tokens",
                                1));
        line.addAll(
                1,
                Arrays.asList(
                        "-Duser.home=" + folder.resolve("absent"),
                        "-Djava.io.tmpdir=" + temporary));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("DIAGONAL_CACHE", folder.resolve("cache").toString());
        builder.environment().remove("DJL_CACHE_DIR");
        builder.redirectOutput(folder.resolve("output").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(folder.resolve("output"))).startsWith("The");
        assertThat(temporary.resolve(".djl.ai")).doesNotExist();
        assertThat(own().resolve("pytorch")).isNotEmptyDirectory();
        assertThat(own().resolve("tokenizers")).isNotEmptyDirectory();
    }
}
