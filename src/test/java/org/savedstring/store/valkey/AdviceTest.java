package org.savedstring.store.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/trouble.md against the code. */
final class AdviceTest {

    private static final Path DOCUMENT = Path.of("docs/trouble.md");

    static Stream<Advice> advices() {
        return Arrays.stream(Advice.values()).filter(advice -> advice != Advice.OTHER);
    }

    @ParameterizedTest
    @MethodSource("advices")
    void adviceIsGivenOnItsExampleAndBothStandInTheDocument(Advice advice) throws IOException {
        assertThat(Advice.on(advice.example())).isEqualTo(advice);
        assertThat(Files.readString(DOCUMENT)).contains("| `" + advice.example() + "` | " + advice.help() + " |");
    }

    @Test
    void settingsThatAreNamedExist() throws IOException {
        String settings = Files.readString(Path.of("src/main/resources/application.properties"));
        advices()
                .flatMap(advice -> Stream.of(advice.help().split("[^A-Z_]+")))
                .filter(word -> word.startsWith("SAVED_STRING_") && !word.endsWith("_"))
                .map(word -> word.substring("SAVED_STRING_".length()).toLowerCase(Locale.ROOT))
                .forEach(word -> assertThat(settings.replace('-', '_').replace('.', '_'))
                        .contains("saved_string_" + word + "="));
    }
}
