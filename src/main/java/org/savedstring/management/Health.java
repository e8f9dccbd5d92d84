package org.savedstring.management;

import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.savedstring.keys.ApiKeys;
import org.savedstring.lifecycle.Draining;
import org.savedstring.live.EventStreams;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/** Health in detail, for people: unlike what the load balancer asks, it looks at the store. */
@Singleton
final class Health {

    private static final long STORE_MS_MAX = 2_000;

    private final StringStore store;
    private final ApiKeys keys;
    private final EventStreams streams;
    private final Draining draining;
    private final ObjectMapper json;

    Health(StringStore store, ApiKeys keys, EventStreams streams, Draining draining, ObjectMapper json) {
        this.store = store;
        this.keys = keys;
        this.streams = streams;
        this.draining = draining;
        this.json = json;
    }

    String describe() {
        long startedAtNanos = System.nanoTime();
        String trouble = null;
        Long version = null;
        try {
            version = readVersion();
        } catch (ExecutionException | TimeoutException e) {
            String reason =
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
            trouble = store.trouble().orElse(reason);
        }
        double readMs = (System.nanoTime() - startedAtNanos) / 1e6;
        try {
            return json.writeValueAsString(new Body(
                    trouble != null ? "STORE_UNAVAILABLE" : draining.isDraining() ? "DRAINING" : "UP",
                    new Store(
                            store.description(),
                            version,
                            readMs,
                            trouble == null ? store.trouble().orElse(null) : trouble),
                    keys.count(),
                    keys.trouble().orElse(null),
                    streams.openCount()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long readVersion() throws ExecutionException, TimeoutException {
        try {
            SavedString current = store.read().toCompletableFuture().get(STORE_MS_MAX, TimeUnit.MILLISECONDS);
            return current.version();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    @Serdeable
    record Body(
            String status,
            Store store,
            int apiKeys,
            @Nullable String apiKeysTrouble,
            int eventStreams) {}

    @Serdeable
    record Store(
            String description,
            @Nullable Long version,
            double readMs,
            @Nullable String trouble) {}
}
