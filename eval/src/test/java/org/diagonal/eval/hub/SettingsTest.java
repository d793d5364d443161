package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Laws of the environment. */
class SettingsTest {

    private static final Path HOME = Path.of("home").toAbsolutePath();
    private static final Path ELSEWHERE = Path.of("elsewhere").toAbsolutePath();

    private static Settings from(Map<String, String> environment) {
        return Settings.from(environment, "Linux", HOME);
    }

    @Test
    void theCacheIsDiagonalsOwnFolderElseXdgsElseTheHomes() {
        String place = ELSEWHERE.toString();
        assertThat(from(Map.of("DIAGONAL_CACHE", place, "XDG_CACHE_HOME", "/x")).cache())
                .isEqualTo(ELSEWHERE);
        assertThat(from(Map.of("XDG_CACHE_HOME", place)).cache())
                .isEqualTo(ELSEWHERE.resolve("diagonal"));
        assertThat(from(Map.of("XDG_CACHE_HOME", "relative")).cache())
                .isEqualTo(HOME.resolve(".cache/diagonal"));
        assertThat(from(Map.of()).cache()).isEqualTo(HOME.resolve(".cache/diagonal"));
    }

    @Test
    void onWindowsTheCacheIsInTheLocalApplicationData() {
        Map<String, String> environment = Map.of("LOCALAPPDATA", ELSEWHERE.toString());
        assertThat(Settings.from(environment, "Windows 11", HOME).cache())
                .isEqualTo(ELSEWHERE.resolve("diagonal"));
        assertThat(from(environment).cache()).isEqualTo(HOME.resolve(".cache/diagonal"));
    }

    @Test
    void theEndpointIsHuggingFaceOrAnother() {
        assertThat(from(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(from(Map.of("HF_ENDPOINT", "http://mirror:8080/hf/")).endpoint())
                .isEqualTo(URI.create("http://mirror:8080/hf"));
        assertThatThrownBy(() -> from(Map.of("HF_ENDPOINT", "mirror.org")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mirror.org");
        assertThatThrownBy(() -> from(Map.of("HF_ENDPOINT", "a b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        assertThatThrownBy(() -> from(Map.of("HF_ENDPOINT", "http://mirror.org:99999")))
                .hasMessage("the hub's endpoint has no such port: http://mirror.org:99999");
    }

    @Test
    void offlineIsOneOrZero() {
        assertThat(from(Map.of()).offline()).isFalse();
        assertThat(from(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
        assertThat(from(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThatThrownBy(() -> from(Map.of("HF_HUB_OFFLINE", "maybe")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_HUB_OFFLINE must be 1 or 0: maybe");
    }

    @Test
    void theStallIsInSeconds() {
        assertThat(from(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "7")).stall())
                .isEqualTo(Duration.ofSeconds(7));
        for (String wrong : List.of("soon", "-1", "0", "\uFF11", "99999999999999999999")) {
            assertThatThrownBy(() -> from(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", wrong)))
                    .hasMessage("HF_HUB_DOWNLOAD_TIMEOUT must be whole seconds: " + wrong);
        }
    }

    @Test
    void aTokenThatCannotBeSentIsRefusedAndNotShown() {
        for (String token :
                List.of("hf_sec\nret", "hf_sec\u0007ret", "hf_sec ret", "hf_s\u00e9c")) {
            assertThatThrownBy(() -> from(Map.of("HF_TOKEN", token)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("HF_TOKEN holds a character that no token has")
                    .hasMessageNotContaining("sec");
        }
    }

    @Test
    void aPasswordInTheEndpointIsRefusedAndNotShown() {
        for (String words :
                List.of(
                        "https://me:secret@mirror.org/hf",
                        "ftp://me:secret@mirror.org",
                        "https://me:secret@mirror.org/a b",
                        "https://me:secret@/x?token=secret",
                        "https://mirror.org/?token=secret",
                        "https://mirror.org/#secret")) {
            assertThatThrownBy(() -> from(Map.of("HF_ENDPOINT", words)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret")
                    .satisfies(e -> assertThat(e.getCause()).isNull());
        }
    }

    @Test
    void proxiesGoByTheSchemeAndSmallLettersWin() {
        Proxies proxies =
                from(Map.of(
                                "HTTP_PROXY",
                                "http://big:1",
                                "http_proxy",
                                "small:2",
                                "ALL_PROXY",
                                "http://all:3"))
                        .proxies();
        assertThat(proxies.of(URI.create("http://a.org/x"))).contains(URI.create("http://small:2"));
        assertThat(proxies.of(URI.create("https://a.org/x"))).contains(URI.create("http://all:3"));
        assertThat(from(Map.of()).proxies().selector()).isEmpty();
    }

    @Test
    void someHostsNeedNoProxy() {
        Proxies proxies =
                from(Map.of(
                                "HTTPS_PROXY",
                                "proxy:3128",
                                "NO_PROXY",
                                "here.org, .there.org,port.org:8443,10.0.0.7"))
                        .proxies();
        for (String direct :
                List.of("here.org", "a.here.org", "x.there.org", "port.org:8443", "10.0.0.7")) {
            assertThat(proxies.of(URI.create("https://" + direct + "/f"))).isEmpty();
        }
        for (String far : List.of("where.org", "nothere.org", "port.org", "10.0.0.77")) {
            assertThat(proxies.of(URI.create("https://" + far + "/f"))).isPresent();
        }
        assertThat(
                        from(Map.of("https_proxy", "proxy:1", "no_proxy", "*"))
                                .proxies()
                                .of(URI.create("https://a.org")))
                .isEmpty();
    }

    @Test
    void aProxyThatIsNoAddressIsRefusedAndNotShown() {
        for (String words : List.of("http://u:secret@pro xy:1", "socks5://u:secret@host:1080")) {
            assertThatThrownBy(() -> from(Map.of("HTTPS_PROXY", words)))
                    .hasMessageContaining("HTTPS_PROXY must be the address of an HTTP proxy")
                    .hasMessageNotContaining("secret");
        }
        assertThat(from(Map.of("HTTP_PROXY", "http://u:secret@p:1")).toString())
                .doesNotContain("secret");
    }

    @Test
    void theTokenIsNeverShown() {
        Settings settings = from(Map.of("HF_TOKEN", "hf_secret"));
        assertThat(settings.token()).contains("hf_secret");
        assertThat(settings.toString()).doesNotContain("secret").contains("token=set");
    }
}
