package org.savedstring.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingNamesTest {

    private final SettingNames check = new SettingNames();

    @Test
    void documentedSettingsAndWhatIsNoneOfOursPass() {
        assertThatCode(() -> check.check(
                        List.of("SAVED_STRING_STORE", "SAVED_STRING_VALKEY_TLS_CA_FILE", "PATH", "SAVED"),
                        List.of("saved-string.store", "saved-string.keys.file", "java.home")))
                .doesNotThrowAnyException();
    }

    @Test
    void misspeltOnesAreNamedTogetherWithTheKnownOnes() {
        assertThatThrownBy(() -> check.check(List.of("SAVED_STRING_STOER"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("SAVED_STRING_STOER", "SAVED_STRING_STORE");
        assertThatThrownBy(() -> check.check(List.of(), List.of("saved-string.http.prot")))
                .hasMessageContainingAll("saved-string.http.prot", "saved-string.http.port");
        assertThatThrownBy(() -> check.check(List.of("SAVED_STRING_"), List.of()))
                .hasMessageContaining("SAVED_STRING_");
    }
}
