package org.savedstring.keys;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the key file whenever it changes. It is read every second rather than watched: that also sees a renamed file,
 * a replaced link and any file system.
 */
final class KeyFileWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFileWatcher.class);
    private static final long PERIOD_MS = 1_000;
    private static final long FILE_BYTES_MAX = 1 << 18;
    private static final String ONLY_RIGHT_LINES = "only the keys of the other lines are valid";
    private static final String KNOWN_KEYS = "the keys that were known stay valid";

    private final Path file;
    private final Counter loaded;
    private final Counter refused;
    private final ApiKeys keys;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("key-file").factory());
    private @Nullable String lastSeen;

    /**
     * Reads the file and goes on watching it.
     *
     * @throws IllegalStateException if nothing in it can be used now
     */
    KeyFileWatcher(Path file, MeterRegistry registry, InstantSource clock) {
        this.loaded = reloads(registry, "loaded");
        this.refused = reloads(registry, "refused");
        this.file = file;
        this.keys = new ApiKeys(List.of(), clock);
        try {
            begin(read());
        } catch (IOException e) {
            throw unusable(reason(e), e);
        }
        timer.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    ApiKeys keys() {
        return keys;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void begin(String content) {
        KeyList list = KeyList.of(content);
        if (!list.isUsable()) {
            throw unusable(list.complaint().orElseThrow(), null);
        }
        lastSeen = content;
        keys.replace(list.keys());
        list.complaint().ifPresentOrElse(reason -> complain(reason, ONLY_RIGHT_LINES), () -> {
            if (list.keys().isEmpty()) {
                // As on the first deployment: the page must come up before anyone can have a key.
                LOG.warn("{} holds no API key: nobody can change the string until one is added", file);
            }
        });
    }

    private void look() {
        try {
            String content = read();
            if (!content.equals(lastSeen)) {
                lastSeen = content;
                reload(KeyList.of(content));
            }
        } catch (IOException e) {
            lastSeen = null;
            complain(reason(e), KNOWN_KEYS);
        }
    }

    private void reload(KeyList list) {
        if (list.isUsable()) {
            keys.replace(list.keys());
            LOG.atInfo()
                    .addKeyValue("keys", list.keys().size())
                    .addKeyValue("file", file)
                    .log("API keys reloaded");
        }
        list.complaint()
                .ifPresentOrElse(reason -> complain(reason, list.isUsable() ? ONLY_RIGHT_LINES : KNOWN_KEYS), () -> {
                    keys.setTrouble(null);
                    loaded.increment();
                });
    }

    /** Once for each reason, until the list is right again. */
    private void complain(String reason, String consequence) {
        String trouble = reason + "; " + consequence;
        if (!trouble.equals(keys.trouble().orElse(null))) {
            keys.setTrouble(trouble);
            refused.increment();
            LOG.atError()
                    .addKeyValue("keys", keys.count())
                    .addKeyValue("file", file)
                    .addKeyValue("reason", trouble)
                    .log("API keys refused");
        }
    }

    private IllegalStateException unusable(String reason, @Nullable Exception cause) {
        return new IllegalStateException(
                "The file of API keys %s can't be used: %s. Set SAVED_STRING_KEYS_FILE to a file with a line for each key; make api-key NAME=… adds one."
                        .formatted(file, reason),
                cause);
    }

    private static Counter reloads(MeterRegistry registry, String result) {
        return Counter.builder("saved.string.key.reloads")
                .description("Changes of the key file")
                .tag("result", result)
                .register(registry);
    }

    /** What isn't UTF-8 spoils the line that it is in, and no other. */
    private String read() throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("it is larger than " + FILE_BYTES_MAX + " bytes");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }
}
