package org.diagonal.eval.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLException;

/**
 * Asks for a file, or for the rest of one, through all redirects.
 *
 * <p>Redirects are followed here and not by the HTTP client, because the hub announces length and
 * SHA-256 only in its first, redirecting response, and because the token must not go to the servers
 * that it redirects to.
 */
final class Requests {

    private static final int MAX_REDIRECTS = 10;
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    /** What the HTTP client says of a proxy that takes none of its passwords. */
    private static final String REFUSED = "too many authentication attempts";

    /**
     * The JDK keeps a password from a proxy that only passes bytes on, unless it is told before it
     * makes its first request.
     */
    private static final String NO_TUNNEL = "jdk.http.auth.tunneling.disabledSchemes";

    private final Download.Patience patience;
    private final Optional<String> token;
    private final Proxies proxies;
    private HttpClient client; // made for the first request: that takes a fifth of a second

    Requests(Download.Patience patience, Optional<String> token, Proxies proxies) {
        this.patience = patience;
        this.token = token;
        this.proxies = proxies;
        if (proxies.authenticator().isPresent() && System.getProperty(NO_TUNNEL) == null) {
            System.setProperty(NO_TUNNEL, "");
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(patience.connect());
            proxies.selector().ifPresent(builder::proxy);
            proxies.authenticator().ifPresent(builder::authenticator);
            client = builder.build();
        }
        return client;
    }

    /**
     * Asks for what the part lacks; the caller closes the response's body.
     *
     * <p>A part is continued only where its hash will be checked at the end or where the server is
     * made to compare its ETag; one that belongs to another version of the file is discarded.
     *
     * @throws Unreachable if no connection can be made
     * @throws Cut if a connection was made and did not hold
     */
    Reply open(URI url, PartFile part, Pin pin) throws IOException {
        URI at = url;
        Pin linked = Pin.NONE;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(at)
                            .timeout(patience.stall())
                            .header("User-Agent", "diagonal")
                            .header("Accept-Encoding", "identity");
            if (sameServer(at, url)) {
                token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
            }
            askForRest(request, part, pin, linked);
            HttpResponse<InputStream> response = send(request.build());
            linked = announced(response.headers(), linked);
            if (!REDIRECTS.contains(response.statusCode())) {
                return new Reply(response, linked);
            }
            response.body().close();
            at = next(at, response);
            discardOther(part, linked);
        }
        throw new IOException(url + ": more than " + MAX_REDIRECTS + " redirects");
    }

    private static void askForRest(HttpRequest.Builder request, PartFile part, Pin pin, Pin linked)
            throws IOException {
        if (part.length() == 0) {
            return;
        }
        String range = "bytes=" + part.length() + "-";
        boolean sameHash = linked.sha256().filter(part.announced()::equals).isPresent();
        if (pin.sha256().isPresent() || sameHash) {
            request.header("Range", range);
        } else if (!part.etag().isEmpty()) {
            request.header("Range", range).header("If-Range", part.etag());
        }
    }

    /** Discards a part of a version whose announced hash is not the one announced now. */
    private static void discardOther(PartFile part, Pin linked) throws IOException {
        boolean changed =
                !part.announced().isEmpty()
                        && linked.sha256().isPresent()
                        && !linked.sha256().get().equals(part.announced());
        if (changed) {
            part.discard();
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (HttpConnectTimeoutException e) {
            throw unreachable(request, "no answer", e);
        } catch (ConnectException | SSLException e) {
            throw unreachable(request, why(e), e);
        } catch (HttpTimeoutException e) {
            throw new Cut("no answer in " + patience.stall().toSeconds() + " s", e);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (why(e).startsWith(REFUSED)) {
                throw proxyRefuses(request.uri());
            }
            throw new Cut(why(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(request.uri() + ": interrupted");
        }
    }

    private Unreachable unreachable(HttpRequest request, String why, IOException e) {
        String through =
                proxies.of(request.uri())
                        .map(proxy -> " (through the proxy " + proxy.getHost() + ")")
                        .orElse("");
        return new Unreachable(request.uri().getHost() + through + ": " + why, e);
    }

    /** A proxy wants a user and a password, or others than it was given. */
    IOException proxyRefuses(URI url) {
        String proxy = proxies.of(url).map(known -> " " + known.getHost()).orElse("");
        return new IOException(
                "%s: the proxy%s refuses access (HTTP 407); HTTPS_PROXY and HTTP_PROXY can name a user and a password"
                        .formatted(url.getHost(), proxy));
    }

    /** What happened, in words; some of the client's exceptions have no message. */
    static String why(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        if (e.getMessage() != null) {
            return e.getMessage();
        }
        return e instanceof ConnectException
                ? "nobody answers there"
                : e.getClass().getSimpleName();
    }

    private static Pin announced(HttpHeaders headers, Pin before) {
        OptionalLong bytes = headers.firstValueAsLong("X-Linked-Size");
        // A file that is not in large file storage has its git hash here: not a SHA-256.
        Optional<String> sha256 =
                headers.firstValue("X-Linked-ETag")
                        .map(tag -> tag.replace("W/", "").replace("\"", ""))
                        .filter(Pin::isSha256);
        return new Pin(bytes.isPresent() ? bytes : before.bytes(), sha256.or(before::sha256));
    }

    private static URI next(URI at, HttpResponse<?> response) throws IOException {
        String location = response.headers().firstValue("Location").orElse("");
        URI next;
        try {
            next = at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: redirects to what is not an address: %s"
                            .formatted(shown(at), Settings.shown(location)));
        }
        boolean http = "http".equals(next.getScheme()) && !"https".equals(at.getScheme());
        boolean allowed = http || "https".equals(next.getScheme());
        if (location.isEmpty() || !allowed || next.getHost() == null) {
            throw new IOException(
                    shown(at) + ": redirects to where a download must not go: " + shown(next));
        }
        return next;
    }

    private static String shown(URI address) {
        return Settings.shown(address.toString());
    }

    private static boolean sameServer(URI a, URI b) {
        return a.getScheme().equals(b.getScheme()) && a.getAuthority().equals(b.getAuthority());
    }
}
