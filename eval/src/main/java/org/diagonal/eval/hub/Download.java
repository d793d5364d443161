package org.diagonal.eval.hub;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.files.Sha256;

/**
 * Brings one file from an http(s) address to a path, whole and verified or not at all.
 *
 * <p>What has come stays in {@code NAME.part} when a connection breaks, and the next try, or the
 * next run, goes on from there. Length and SHA-256 are those of the pin, else those that the server
 * announces. Only a verified file gets its name, in one step.
 */
final class Download {

    /**
     * How long to wait for what.
     *
     * @param connect the longest wait for a connection
     * @param stall the longest time without a byte
     * @param tries consecutive tries that bring nothing new before it gives up; positive
     * @param pause before the second try; doubled before each further one
     */
    record Patience(Duration connect, Duration stall, int tries, Duration pause) {

        static final Patience DEFAULT =
                new Patience(
                        Duration.ofSeconds(15), Duration.ofSeconds(30), 5, Duration.ofMillis(500));

        Patience withStall(Duration longest) {
            return new Patience(connect, longest, tries, pause);
        }
    }

    private static final int BLOCK = 1 << 16;

    private final Patience patience;
    private final Requests requests;

    Download(Patience patience, Optional<String> token, Proxies proxies) {
        this.patience = patience;
        this.requests = new Requests(patience, token, proxies);
    }

    /**
     * Returns when the target, whose folder must be there, is there and verified. A target that is
     * there with the pinned length is left as it is; one with another length is replaced.
     *
     * @throws FileNotFoundException if the server has no such file (404); nothing is left behind
     * @throws Unreachable if no connection can be made; a part stays for the next time
     */
    void fetch(URI url, Path target, Pin pin, Progress progress) throws IOException {
        Path waiting = target.resolveSibling("." + target.getFileName() + ".lock");
        try (LockFile lock = LockFile.await(waiting)) {
            try {
                if (!pin.fits(target)) {
                    tries(url, new PartFile(target), pin, progress);
                }
                lock.closeAndRemove();
            } catch (FileNotFoundException e) {
                lock.closeAndRemove(); // There is nothing to wait for.
                throw e;
            }
        }
    }

    private void tries(URI url, PartFile part, Pin pin, Progress progress) throws IOException {
        long best = part.length();
        int idle = 0;
        while (true) {
            try {
                once(url, part, pin, progress);
                return;
            } catch (Unreachable e) {
                idle++;
                if (best == 0 || idle >= patience.tries()) {
                    throw e; // A server that never answered is not worth a wait.
                }
            } catch (Cut e) {
                long length = part.length();
                idle = length > best ? 1 : idle + 1;
                best = Math.max(best, length);
                if (idle >= patience.tries()) {
                    throw new IOException(gaveUp(url, part, e), e);
                }
            }
            pause(url, idle);
        }
    }

    private String gaveUp(URI url, PartFile part, Cut last) throws IOException {
        String kept =
                part.length() == 0
                        ? ""
                        : "; %d bytes are kept in %s and the next run resumes there"
                                .formatted(part.length(), part.path());
        return url + ": " + last.getMessage() + ", after " + patience.tries() + " tries" + kept;
    }

    private void pause(URI url, int idle) throws IOException {
        try {
            Thread.sleep(patience.pause().toMillis() << Math.min(idle - 1, 6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(url + ": interrupted");
        }
    }

    private void once(URI url, PartFile part, Pin pin, Progress progress) throws IOException {
        Reply reply = requests.open(url, part, pin);
        try (InputStream body = reply.response().body()) {
            refuse(url, reply);
            Pin whole = whole(url, pin, reply);
            boolean resumed = begin(part, reply, whole);
            if (reply.status() != 416 && !copy(body, part, whole, progress)) {
                part.discard();
                throw resumed ? ofAnotherFile() : tooLong(url, whole);
            }
            verify(url, part, whole, resumed);
        }
        part.finish();
    }

    /** Throws what a status means that is neither the file nor a part of it. */
    private void refuse(URI url, Reply reply) throws IOException {
        switch (reply.status()) {
            case 200, 206, 416 -> {}
            case 404, 410 ->
                    throw new FileNotFoundException(
                            url + ": no such file (HTTP " + reply.status() + ")");
            case 401, 403 ->
                    throw new IOException(
                            "%s: access refused (HTTP %d); a private or gated file needs a token in HF_TOKEN"
                                    .formatted(url, reply.status()));
            case 407 -> throw requests.proxyRefuses(url);
            case 408, 429, 500, 502, 503, 504 -> throw new Cut("HTTP " + reply.status());
            default -> throw new IOException(url + ": HTTP " + reply.status());
        }
    }

    /** What the whole file must be, by the pin, the hub's announcement and this response. */
    private static Pin whole(URI url, Pin pin, Reply reply) throws IOException {
        Optional<String> sha256 = agree(url, "SHA-256", pin.sha256(), reply.linked().sha256());
        Optional<Long> linked = agree(url, "bytes", box(pin.bytes()), box(reply.linked().bytes()));
        Optional<Long> bytes = agree(url, "bytes", linked, box(reply.total()));
        return new Pin(bytes.map(OptionalLong::of).orElse(OptionalLong.empty()), sha256);
    }

    private static Optional<Long> box(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static <T> Optional<T> agree(
            URI url, String what, Optional<T> expected, Optional<T> announced) throws IOException {
        if (expected.isPresent() && announced.isPresent() && !expected.equals(announced)) {
            throw new IOException(
                    String.format(
                            "%s: expected %s %s, the server announces %s",
                            url, what, expected.get(), announced.get()));
        }
        return expected.or(() -> announced);
    }

    /** Makes the part ready for the response's body; returns whether something is in it already. */
    private static boolean begin(PartFile part, Reply reply, Pin whole) throws IOException {
        long length = part.length();
        boolean usable =
                switch (reply.status()) {
                    case 206 -> reply.start().equals(OptionalLong.of(length));
                    // Nothing after the part's end: it may be the whole file, cut before its check.
                    case 416 -> length > 0 && whole.bytes().equals(OptionalLong.of(length));
                    default -> true;
                };
        if (!usable) {
            part.discard();
            throw new Cut("the server does not continue at byte " + length);
        }
        if (reply.status() == 200 || length == 0) { // from its beginning, asked for or not
            part.restart(reply.etag().orElse(""), reply.linked().sha256().orElse(""));
            return false;
        }
        return true;
    }

    /** Returns whether there was no more than there may be; the rest is not read. */
    private boolean copy(InputStream body, PartFile part, Pin whole, Progress progress)
            throws IOException {
        long total = whole.bytes().orElse(-1);
        long done = part.length();
        needSpace(part, total - done);
        byte[] block = new byte[BLOCK];
        try (FileChannel channel = part.append();
                StallGuard guard = StallGuard.over(body, patience.stall())) {
            progress.at(part.name(), done, total);
            for (int n = read(body, block, guard); n >= 0; n = read(body, block, guard)) {
                done += n;
                if (total >= 0 && done > total) {
                    return false; // none of it is what was promised, however long it is
                }
                part.write(channel, block, n);
                guard.touch();
                progress.at(part.name(), done, total);
            }
        }
        return true;
    }

    private static Cut ofAnotherFile() {
        return new Cut("the continued part was of another file");
    }

    private static IOException tooLong(URI url, Pin whole) {
        return new IOException(
                String.format(
                        "%s: expected %d bytes, found %d or more; what came was deleted",
                        url, whole.bytes().orElseThrow(), whole.bytes().orElseThrow() + 1));
    }

    private int read(InputStream body, byte[] block, StallGuard guard) throws IOException {
        try {
            return body.read(block);
        } catch (IOException e) {
            String why =
                    guard.stalled()
                            ? "nothing came for " + patience.stall().toMillis() / 1000.0 + " s"
                            : "the connection was cut (" + Requests.why(e) + ")";
            throw new Cut(why, e);
        }
    }

    private static void needSpace(PartFile part, long bytes) throws IOException {
        long free = Files.getFileStore(part.path()).getUsableSpace();
        if (free < bytes) {
            throw FileFault.of(
                    part.path(),
                    bytes + " bytes are still to come, the disk has " + free + " free");
        }
    }

    private static void verify(URI url, PartFile part, Pin whole, boolean resumed)
            throws IOException {
        long length = part.length();
        if (whole.bytes().isPresent() && length < whole.bytes().getAsLong()) {
            throw new Cut(
                    "the connection was cut at byte %d of %d"
                            .formatted(length, whole.bytes().getAsLong()));
        }
        boolean sameLength = whole.bytes().orElse(length) == length;
        String sha256 = sameLength && whole.sha256().isPresent() ? Sha256.of(part.path()) : "";
        if (sameLength && whole.sha256().orElse(sha256).equals(sha256)) {
            return;
        }
        part.discard();
        if (resumed) {
            throw ofAnotherFile();
        }
        throw new IOException(
                sameLength
                        ? String.format(
                                "%s: expected SHA-256 %s, found %s; what came was deleted",
                                url, whole.sha256().orElseThrow(), sha256)
                        : String.format(
                                "%s: expected %d bytes, found %d; what came was deleted",
                                url, whole.bytes().orElseThrow(), length));
    }
}
