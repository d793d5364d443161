package org.diagonal.eval.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
        assertThatThrownBy(() -> from(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "soon")))
                .hasMessageContaining("HF_HUB_DOWNLOAD_TIMEOUT must be whole seconds: soon");
    }

    @Test
    void theTokenIsNeverShown() {
        Settings settings = from(Map.of("HF_TOKEN", "hf_secret"));
        assertThat(settings.token()).contains("hf_secret");
        assertThat(settings.toString()).doesNotContain("secret").contains("token=set");
    }
}
