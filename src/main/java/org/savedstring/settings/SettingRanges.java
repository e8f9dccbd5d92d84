package org.savedstring.settings;

import io.micronaut.context.env.Environment;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds senseless values of settings, before anything is started with them. */
public final class SettingRanges {

    private static final String STORE = "saved-string.store";
    private static final Set<String> STORES = Set.of("valkey", "embedded");
    private static final Map<String, Set<String>> WORDS = Map.of(
            "saved-string.log.level", Set.of("error", "warn", "info", "debug", "trace"),
            "saved-string.log.format", Set.of("text", "json"));

    private static final int PORT_MAX = 65_535;
    private static final int COUNT_MAX = 1_000_000;
    private static final Duration LONG = Duration.ofHours(1);

    private static final Map<String, Numbers> NUMBERS = Map.ofEntries(
            // -1 stands for any free port.
            Map.entry("saved-string.http.port", new Numbers(-1, PORT_MAX)),
            Map.entry("saved-string.http.connections-max", new Numbers(1, COUNT_MAX)),
            Map.entry("saved-string.http.requests-open-max", new Numbers(1, COUNT_MAX)),
            Map.entry("saved-string.value-bytes-max", new Numbers(1, 8_192)),
            Map.entry("saved-string.history-versions-max", new Numbers(1, 100_000)),
            Map.entry("saved-string.events.streams-max", new Numbers(0, COUNT_MAX)),
            Map.entry("saved-string.events.versions-behind-max", new Numbers(1, 100_000)),
            Map.entry("saved-string.valkey.confirming-replicas", new Numbers(0, 5)),
            Map.entry("saved-string.valkey.requests-waiting-max", new Numbers(1, COUNT_MAX)),
            Map.entry("saved-string.management.port", new Numbers(0, PORT_MAX)));

    private static final Map<String, Durations> DURATIONS = Map.of(
            "saved-string.http.request-timeout", new Durations(Duration.ofMillis(100), LONG),
            "saved-string.http.idle-timeout", new Durations(Duration.ofMillis(100), LONG),
            "saved-string.drain.delay", new Durations(Duration.ZERO, LONG),
            "saved-string.drain.timeout", new Durations(Duration.ZERO, LONG),
            "saved-string.events.heartbeat", new Durations(Duration.ofMillis(10), LONG),
            "saved-string.valkey.timeout", new Durations(Duration.ofMillis(10), LONG),
            "saved-string.valkey.connect-at-start-timeout", new Durations(Duration.ofMillis(100), LONG),
            "saved-string.valkey.iam-refresh", new Durations(Duration.ofMillis(100), Duration.ofHours(11)));

    private record Numbers(int min, int max) {

        boolean contain(@Nullable Integer value) {
            return value != null && value >= min && value <= max;
        }

        @Override
        public String toString() {
            return "%d to %d".formatted(min, max);
        }
    }

    private record Durations(Duration min, Duration max) {

        boolean contain(@Nullable Duration value) {
            return value != null && value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        }

        @Override
        public String toString() {
            return "%dms to %dm, such as 500ms or 10s".formatted(min.toMillis(), max.toMinutes());
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is of the wrong kind or out of range; names the setting and what is expected
     */
    public void check(Environment environment) {
        String store = environment.getProperty(STORE, String.class).orElse("");
        expect(STORES.contains(store), STORE, store, "valkey, or embedded for a laptop; set SAVED_STRING_STORE");
        WORDS.forEach((name, words) -> environment
                .getProperty(name, String.class)
                .ifPresent(word -> expect(words.contains(word), name, word, String.join(", ", new TreeSet<>(words)))));
        NUMBERS.forEach((name, numbers) -> environment
                .getProperty(name, String.class)
                .ifPresent(text -> expect(
                        numbers.contain(
                                environment.getProperty(name, Integer.class).orElse(null)),
                        name,
                        text,
                        numbers)));
        DURATIONS.forEach((name, durations) -> environment
                .getProperty(name, String.class)
                .ifPresent(text -> expect(
                        durations.contain(
                                environment.getProperty(name, Duration.class).orElse(null)),
                        name,
                        text,
                        durations)));
    }

    private static void expect(boolean condition, String name, String value, Object expected) {
        if (!condition) {
            throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
        }
    }
}
