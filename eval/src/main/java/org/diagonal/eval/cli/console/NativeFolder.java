package org.diagonal.eval.cli.console;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.files.FileFault;

/**
 * Where DJL unpacks the native libraries that it loads: a folder into which no other user can put
 * one.
 *
 * <p>DJL takes {@code ~/.djl.ai}, and where the home folder is not writable a folder in {@code
 * /tmp} whose name everybody knows. Then this takes a folder in Diagonal's cache instead, for this
 * user alone.
 */
final class NativeFolder {

    private static final String ROOT = "root";

    private final Path home;
    private final Path cache;
    private final String user;

    /**
     * @param home the user's home folder
     * @param cache Diagonal's cache
     * @param user the user's name, as owners of files are called
     */
    NativeFolder(Path home, Path cache, String user) {
        this.home = home;
        this.cache = cache;
        this.user = user;
    }

    /** This process's folders and user. */
    static NativeFolder ofProcess(Path cache) {
        String user = ProcessHandle.current().info().user().orElse(System.getProperty("user.name"));
        return new NativeFolder(Path.of(System.getProperty("user.home")), cache, user);
    }

    /**
     * The folder that DJL must be told; empty where its own choice is safe. The folder exists then
     * and belongs to this user.
     *
     * @throws FileSystemException if no safe folder can be made, saying what would help
     */
    Optional<Path> instead() throws IOException {
        Path usual = home.resolve(".djl.ai");
        boolean safe =
                Files.isWritable(home)
                        && (Files.exists(usual, LinkOption.NOFOLLOW_LINKS)
                                ? isOurs(usual)
                                : isOurs(home));
        return safe ? Optional.empty() : Optional.of(own());
    }

    private Path own() throws IOException {
        Path folder = cache.resolve("native-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
        try {
            Files.createDirectories(cache);
            create(folder);
        } catch (IOException e) {
            throw refused(folder, "cannot be made (" + FileFault.why(e) + ")", e);
        }
        if (!isOurs(folder) || !Files.isWritable(folder)) {
            throw refused(
                    folder,
                    "is not a folder that user " + user + " owns and nobody else can write to",
                    new FileAlreadyExistsException(folder.toString()));
        }
        return folder;
    }

    private static void create(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (isPosix(folder.getParent())) {
                Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rwx------");
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mine));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException e) {
            return; // made by another process meanwhile, and checked like any other
        }
    }

    private static FileSystemException refused(Path folder, String why, IOException cause) {
        FileSystemException refused =
                FileFault.of(
                        folder,
                        why
                                + ", and native libraries are loaded from no other;"
                                + " DIAGONAL_CACHE can name a folder of your own");
        refused.initCause(cause);
        return refused;
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** Whether a path is a folder, no link, that only this user and root can change. */
    private boolean isOurs(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Files.isSymbolicLink(folder)
                    && owns(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName())
                    && isOurs(folder.toRealPath());
        }
        if (!isPosix(folder)) {
            return true; // a profile on Windows, which is its user's
        }
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String owner = attributes.owner().getName();
        boolean groupOfOne = attributes.group().getName().equals(owner);
        return owns(owner)
                && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                && (groupOfOne
                        || !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE));
    }

    private boolean owns(String owner) {
        return owner.equals(user) || owner.equals(ROOT);
    }
}
