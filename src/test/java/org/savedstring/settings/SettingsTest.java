package org.savedstring.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private final Settings settings = new Settings();

    @Test
    void documentedSettingsAndWhatIsNoneOfOursPass() {
        assertThatCode(() -> settings.checkNames(
                        List.of("SAVED_STRING_STORE", "SAVED_STRING_VALKEY_TLS_CA_FILE", "PATH", "SAVED"),
                        List.of("saved-string.store", "saved-string.keys.file", "java.home")))
                .doesNotThrowAnyException();
    }

    @Test
    void misspeltOnesAreNamedTogetherWithTheKnownOnes() {
        assertThatThrownBy(() -> settings.checkNames(List.of("SAVED_STRING_STOER"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("SAVED_STRING_STOER", "SAVED_STRING_STORE");
        assertThatThrownBy(() -> settings.checkNames(List.of(), List.of("saved-string.http.prot")))
                .hasMessageContainingAll("saved-string.http.prot", "saved-string.http.port");
        assertThatThrownBy(() -> settings.checkNames(List.of("SAVED_STRING_"), List.of()))
                .hasMessageContaining("SAVED_STRING_");
    }
}
