package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** A directory with a key file, and room for an embedded store. */
public final class TestFiles implements AutoCloseable {

    private final Path directory;

    public TestFiles() {
        try {
            directory = Files.createTempDirectory("saved-string-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        replaceKeys(TestKeys.file());
    }

    public Path embeddedStore() {
        return directory.resolve("saved-string.store");
    }

    public Path keys() {
        return directory.resolve("keys");
    }

    /** Replaces the key file in one step, as its writers do. */
    public void replaceKeys(String content) {
        try {
            Path next = directory.resolve("keys.next");
            Files.writeString(next, content);
            Files.move(next, keys(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A service on a free port over the embedded store, which may be written to as often as a test does. */
    public Map<String, String> settings() {
        return Map.of(
                "saved-string.http.host", "127.0.0.1",
                "saved-string.http.port", "-1",
                "saved-string.store", "embedded",
                "saved-string.embedded.file", embeddedStore().toString(),
                "saved-string.keys.file", keys().toString(),
                "saved-string.keys.writes-per-minute", "0",
                "saved-string.keys.wrong-per-minute", "0");
    }

    /** How a process of the service is told of them. */
    public Map<String, String> environment() {
        return new TreeMap<>(Map.of(
                "SAVED_STRING_STORE", "embedded",
                "SAVED_STRING_EMBEDDED_FILE", embeddedStore().toString(),
                "SAVED_STRING_KEYS_FILE", keys().toString()));
    }

    @Override
    public void close() {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
