package org.diagonal.eval.hub;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that the environment names, by the rules of curl and of Python: {@code HTTP_PROXY}
 * and {@code HTTPS_PROXY} by the scheme of the address asked for, {@code ALL_PROXY} for both, and
 * {@code NO_PROXY} for hosts and domains that are reached without one. Names in small letters win.
 *
 * @param byScheme the proxy of each scheme that has one
 * @param direct hosts, domains, or {@code *}, each perhaps with a port
 */
record Proxies(Map<String, URI> byScheme, List<String> direct) {

    /** What the Java machine was told, if anything. */
    static final Proxies NONE = new Proxies(Map.of(), List.of());

    private static final int USUAL_PORT = 80;
    private static final int SECURE_PORT = 443;

    Proxies {
        byScheme = Map.copyOf(byScheme);
        direct = List.copyOf(direct);
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable that holds no address; never the address
     */
    static Proxies from(Map<String, String> environment) {
        Map<String, URI> byScheme = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            find(environment, scheme + "_proxy")
                    .or(() -> find(environment, "all_proxy"))
                    .ifPresent(uri -> byScheme.put(scheme, uri));
        }
        List<String> direct = new ArrayList<>();
        for (String host : value(environment, "no_proxy").orElse("").split(",", -1)) {
            if (!host.isBlank()) {
                direct.add(host.strip().toLowerCase(Locale.ROOT));
            }
        }
        return new Proxies(byScheme, direct);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(
                        environment.getOrDefault(
                                name, environment.get(name.toUpperCase(Locale.ROOT))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static Optional<URI> find(Map<String, String> environment, String name) {
        return value(environment, name).map(words -> address(name, words));
    }

    private static URI address(String name, String words) {
        try {
            URI uri = new URI(words.contains("://") ? words : "http://" + words);
            if (uri.getHost() != null && uri.getScheme().equalsIgnoreCase("http")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its words may hold a password: they are not for the message.
        }
        throw new IllegalArgumentException(
                name.toUpperCase(Locale.ROOT)
                        + " must be the address of an HTTP proxy, such as http://host:3128");
    }

    /** What the HTTP client asks for the proxy of an address; empty to leave it as it is. */
    Optional<ProxySelector> selector() {
        return byScheme.isEmpty() ? Optional.empty() : Optional.of(new Selector());
    }

    /** What answers a proxy that asks for a user and a password; empty where none are known. */
    Optional<Authenticator> authenticator() {
        boolean known = byScheme.values().stream().anyMatch(uri -> uri.getUserInfo() != null);
        return known ? Optional.of(new Credentials()) : Optional.empty();
    }

    /** The proxy of an address, if it is reached through one. */
    Optional<URI> of(URI address) {
        return Optional.ofNullable(byScheme.get(address.getScheme()))
                .filter(proxy -> direct.stream().noneMatch(entry -> matches(entry, address)));
    }

    private static boolean matches(String entry, URI address) {
        if (entry.equals("*")) {
            return true;
        }
        String domain = entry;
        int colon = entry.lastIndexOf(':');
        if (colon > 0 && entry.substring(colon + 1).matches("[0-9]{1,5}")) {
            if (Integer.parseInt(entry.substring(colon + 1)) != port(address)) {
                return false;
            }
            domain = entry.substring(0, colon);
        }
        domain = domain.replaceFirst("^\\*?\\.", "");
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return host.equals(domain) || host.endsWith("." + domain);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equals(address.getScheme()) ? SECURE_PORT : USUAL_PORT;
    }

    private static InetSocketAddress socket(URI proxy) {
        return new InetSocketAddress(
                proxy.getHost(), proxy.getPort() < 0 ? USUAL_PORT : proxy.getPort());
    }

    private final class Selector extends ProxySelector {

        @Override
        public List<Proxy> select(URI address) {
            return Proxies.this
                    .of(address)
                    .map(proxy -> List.of(new Proxy(Proxy.Type.HTTP, socket(proxy))))
                    .orElse(List.of(Proxy.NO_PROXY));
        }

        @Override
        public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
            // The request fails with this, and says it.
        }
    }

    private final class Credentials extends Authenticator {

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            if (getRequestorType() != RequestorType.PROXY) {
                return null; // the JDK's word for "none"
            }
            return byScheme.values().stream()
                    .filter(proxy -> proxy.getUserInfo() != null)
                    .filter(proxy -> proxy.getHost().equalsIgnoreCase(getRequestingHost()))
                    .findFirst()
                    .map(URI::getUserInfo)
                    .map(words -> words.split(":", 2))
                    .map(
                            words ->
                                    new PasswordAuthentication(
                                            words[0],
                                            (words.length > 1 ? words[1] : "").toCharArray()))
                    .orElse(null);
        }
    }

    @Override
    public String toString() {
        return "Proxies" + byScheme.keySet(); // an address may hold a password
    }
}
