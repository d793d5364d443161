package org.diagonal.eval.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the hub keeps files and where it gets them from.
 *
 * @param cache folder of all downloaded and unpacked files
 * @param endpoint address of the server, without a slash at its end
 * @param offline whether the network must not be used
 * @param token sent to the endpoint, and to no server that it redirects to; never shown
 * @param stall longest time without a byte before a connection counts as broken
 * @param proxies through which servers are reached
 */
public record Settings(
        Path cache,
        URI endpoint,
        boolean offline,
        Optional<String> token,
        Duration stall,
        Proxies proxies) {

    /** Hugging Face. */
    public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");
    private static final Pattern USER = Pattern.compile("(?<=//)[^/]*@");
    private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);
    private static final int MOST_PORTS = 65_535;

    public Settings {
        cache = cache.toAbsolutePath().normalize();
        String shown = shown(endpoint.toString());
        boolean http = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
        if (!http || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "the hub's endpoint must be an http(s) address: " + shown);
        }
        if (endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the hub's endpoint must not hold a user or a password: %s; HF_TOKEN is for what opens it"
                            .formatted(shown));
        }
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the hub's endpoint must not hold a query or a fragment: " + shown);
        }
        if (endpoint.getPort() > MOST_PORTS) {
            throw new IllegalArgumentException("the hub's endpoint has no such port: " + shown);
        }
        if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
            throw new IllegalArgumentException(
                    "HF_TOKEN holds a character that no token has: a space, a line break, or one"
                            + " beyond ASCII");
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("stall must be positive: " + stall);
        }
    }

    /**
     * Reads DIAGONAL_CACHE, XDG_CACHE_HOME, HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN,
     * HF_HUB_DOWNLOAD_TIMEOUT (seconds), HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY from this
     * process's environment.
     *
     * @throws IllegalArgumentException naming the variable whose value cannot be used
     */
    public static Settings fromEnvironment() {
        return from(
                System.getenv(),
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")));
    }

    static Settings from(Map<String, String> environment, String system, Path home) {
        return new Settings(
                cache(environment, system, home),
                value(environment, "HF_ENDPOINT").map(Settings::endpoint).orElse(HUGGING_FACE),
                value(environment, "HF_HUB_OFFLINE").map(Settings::isOn).orElse(false),
                value(environment, "HF_TOKEN"),
                value(environment, "HF_HUB_DOWNLOAD_TIMEOUT")
                        .map(Settings::seconds)
                        .orElse(Download.Patience.DEFAULT.stall()),
                Proxies.from(environment));
    }

    private static Path cache(Map<String, String> environment, String system, Path home) {
        Optional<String> own = value(environment, "DIAGONAL_CACHE");
        if (own.isPresent()) {
            return Path.of(own.get());
        }
        String parent =
                system.toLowerCase(Locale.ROOT).startsWith("windows")
                        ? "LOCALAPPDATA"
                        : "XDG_CACHE_HOME";
        // A relative XDG folder is to be ignored, says the XDG specification.
        return value(environment, parent)
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home.resolve(".cache"))
                .resolve("diagonal");
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }

    private static URI endpoint(String text) {
        try {
            return new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("HF_ENDPOINT is not an address: " + shown(text));
        }
    }

    private static boolean isOn(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> true;
            case "0", "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("HF_HUB_OFFLINE must be 1 or 0: " + text);
        };
    }

    private static Duration seconds(String text) {
        if (!text.matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    "HF_HUB_DOWNLOAD_TIMEOUT must be whole seconds: " + text);
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    /** An address for messages, without the secrets that it may hold: a user, and a query. */
    static String shown(String address) {
        String open = USER.matcher(address).replaceFirst("");
        return QUERY.matcher(open).replaceFirst("");
    }

    @Override
    public String toString() {
        return String.format(
                "Settings[cache=%s, endpoint=%s, offline=%s, token=%s, stall=%s]",
                cache, endpoint, offline, token.isPresent() ? "set" : "none", stall);
    }
}
