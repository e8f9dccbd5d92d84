package org.savedstring.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String OTHER_HASH = "f".repeat(64);

    @Test
    void readsNamesAndHashesAndSkipsCommentsAndEmptyLines() {
        var keys = KeyFile.parse("# keys\n\n  alice@example.org \t " + HASH.toUpperCase(java.util.Locale.ROOT)
                + "  \r\nbob " + OTHER_HASH);
        assertThat(keys).extracting(ApiKey::name).containsExactly("alice@example.org", "bob");
        assertThat(keys.getFirst().sha256()).hasSize(32).startsWith(0x01, 0x23, 0x45);
    }

    @Test
    void commentAloneMeansNoKeys() {
        assertThat(KeyFile.parse("# nobody\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t\n"})
    void emptyFileIsNone(String content) {
        assertThatThrownBy(() -> KeyFile.parse(content)).hasMessageContaining("empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "alice " + "f",
                "alice 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
                "-alice 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "al ice 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "al\u00fcce 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "sstr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "alice 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef more"
            })
    void wrongLineIsNamedByItsNumberAndNotShown(String line) {
        assertThatThrownBy(() -> KeyFile.parse("# comment\nbob " + OTHER_HASH + "\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 3")
                .hasMessageNotContaining("0123456789abcdef")
                .hasMessageNotContaining("sstr_A");
    }

    @Test
    void nameOrKeyMustNotStandTwice() {
        assertThatThrownBy(() -> KeyFile.parse("alice " + HASH + "\nalice " + OTHER_HASH))
                .hasMessageContaining("line 2")
                .hasMessageContaining("alice");
        assertThatThrownBy(() -> KeyFile.parse("alice " + HASH + "\nbob " + HASH.toUpperCase(java.util.Locale.ROOT)))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining(HASH);
    }

    @Test
    void thousandKeysAreTheLimit() {
        String thousand = IntStream.range(0, 1_000)
                .mapToObj("key%1$d %1$064x%n"::formatted)
                .collect(Collectors.joining());
        assertThat(KeyFile.parse(thousand)).hasSize(1_000);
        assertThatThrownBy(() -> KeyFile.parse(thousand + "more " + HASH)).hasMessageContaining("1000");
    }
}
