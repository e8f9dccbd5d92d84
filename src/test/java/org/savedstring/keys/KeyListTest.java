package org.savedstring.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of lists that the command which makes keys and the fetcher are held to, too. */
class KeyListTest {

    private static final Path TABLE = Path.of("src/test/resources/key-lists.json");
    private static final String HASH = "0123456789abcdef".repeat(4);

    static Stream<JsonNode> table() throws IOException {
        return StreamSupport.stream(new ObjectMapper().readTree(TABLE.toFile()).spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("table")
    void readsEveryListAsTheTableSays(JsonNode row) {
        KeyList list = KeyList.of(filledIn(row.path("text").textValue()));

        assertThat(list.keys().stream().map(KeyListTest::described))
                .containsExactlyElementsOf(StreamSupport.stream(row.path("keys").spliterator(), false)
                        .map(key -> filledIn(key.path(0).asText()) + " "
                                + key.path(1).asText() + " " + key.path(2).asText())
                        .toList());
        assertThat(list.refusals()).hasSameSizeAs(row.path("refused"));
        for (int i = 0; i < list.refusals().size(); i++) {
            int number = row.path("refused").path(i).asInt();
            assertThat(list.refusals().get(i)).startsWith(number == 0 ? "it is empty" : "line " + number + " ");
        }
        assertThat(list.isUsable()).isEqualTo(row.path("usable").booleanValue());
        assertThat(String.join("", list.refusals())).doesNotContainPattern("(?i)([0-9a-f])\\1{30}|sstr_");
    }

    @Test
    void aHashIsReadAsItsBytes() {
        assertThat(KeyList.of("alice " + HASH).keys().getFirst().sha256())
                .hasSize(32)
                .startsWith(0x01, 0x23, 0x45);
    }

    @Test
    void thousandKeysAreTheLimit() {
        String thousand = IntStream.range(0, 1_000)
                .mapToObj("key%1$d %1$064x%n"::formatted)
                .collect(Collectors.joining());
        assertThat(KeyList.of(thousand).complaint()).isEmpty();
        KeyList more = KeyList.of(thousand + "more " + HASH);
        assertThat(more.keys()).hasSize(1_000);
        assertThat(more.complaint())
                .hasValueSatisfying(reason -> assertThat(reason).contains("1001", "1000"));
    }

    @Test
    void aListOfRubbishIsComplainedOfInShort() {
        KeyList list = KeyList.of("rubbish\n".repeat(100_000));
        assertThat(list.refusals()).hasSize(100);
        assertThat(list.complaint())
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("and 99 more"));
    }

    private static String filledIn(String text) {
        String filled = text;
        for (String letter : List.of("a", "b", "c", "d", "A")) {
            filled = filled.replace("{" + letter + "}", letter.repeat(64));
        }
        return filled;
    }

    private static String described(ApiKey key) {
        return key.name() + " "
                + key.scopes().stream().map(Scope::toString).sorted().collect(Collectors.joining(",")) + " "
                + Objects.toString(key.expiresAt());
    }
}
