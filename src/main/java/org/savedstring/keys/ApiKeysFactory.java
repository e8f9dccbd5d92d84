package org.savedstring.keys;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Finds out where the keys come from. */
@Factory
final class ApiKeysFactory {

    private static final String FILE = "saved-string.keys.file";
    private static final String STORE = "saved-string.store";

    private @Nullable KeyFileWatcher watcher;

    /** The key of a run on a laptop without a key file. */
    @Singleton
    @Requires(missingProperty = FILE)
    @Requires(property = STORE, value = "embedded")
    TemporaryKey temporaryKey() {
        return new TemporaryKey(ApiKeys.generate());
    }

    @Context
    ApiKeys apiKeys(
            @Nullable @Value("${" + FILE + ":}") Path file,
            @Nullable TemporaryKey temporaryKey,
            MeterRegistry registry) {
        if (temporaryKey != null) {
            return ApiKeys.ofOne("laptop", temporaryKey.value());
        }
        if (file == null || file.toString().isEmpty()) {
            throw new IllegalStateException("There are no API keys, so nobody could ever change the string. Set"
                    + " SAVED_STRING_KEYS_FILE to a file with a line for each key; make api-key NAME=… adds one.");
        }
        watcher = new KeyFileWatcher(file, registry, InstantSource.system());
        return watcher.keys();
    }

    @PreDestroy
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
