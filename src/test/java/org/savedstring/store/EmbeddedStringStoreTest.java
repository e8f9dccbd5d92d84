package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.store.embedded.EmbeddedStringStore;

class EmbeddedStringStoreTest extends StringStoreContract {

    @TempDir
    private Path directory;

    @Override
    StringStore open() {
        return new EmbeddedStringStore(file(), VERSIONS_MAX, LossPolicy.REFUSE, Clock.systemUTC());
    }

    @Override
    void clear() throws IOException {
        Files.deleteIfExists(file());
    }

    @Override
    StringStore reopened() {
        close();
        return open();
    }

    @Test
    void fileThatIsOpenSaysSo() {
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("open");
    }

    @Test
    void fileThatIsNoneOfOursSaysSo() throws IOException {
        close();
        Files.writeString(file(), "something else entirely ".repeat(1_000));
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file().toString());
    }

    @Test
    void folderThatCannotBeMadeSaysSo() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "x");
        Path file = inTheWay.resolve("store");
        assertThatThrownBy(() -> new EmbeddedStringStore(file, VERSIONS_MAX, LossPolicy.REFUSE, Clock.systemUTC()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString());
    }

    private Path file() {
        return directory.resolve("folder").resolve("string.store");
    }
}
