package org.savedstring.keys;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private static final long FILE_BYTES_MAX = 1 << 20;

    private final Path file;
    private final Counter loaded;
    private final Counter refused;
    private final ApiKeys keys = new ApiKeys(List.of());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("key-file").factory());
    private @Nullable String lastSeen;
    private @Nullable String lastComplaint;

    /**
     * Reads the file and goes on watching it.
     *
     * @throws IllegalStateException if it can't be read now
     */
    KeyFileWatcher(Path file, MeterRegistry registry) {
        this.loaded = reloads(registry, "loaded");
        this.refused = reloads(registry, "refused");
        this.file = file;
        try {
            String content = read();
            keys.replace(KeyFile.parse(content));
            lastSeen = content;
            if (keys.count() == 0) {
                // As on the first deployment: the page must come up before anyone can have a key.
                LOG.warn("{} holds no API key: nobody can change the string until one is added", file);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The file of API keys %s can't be used: %s. Set SAVED_STRING_KEYS_FILE to a file with a line for each key; make api-key NAME=… adds one."
                            .formatted(file, reason(e)),
                    e);
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

    private void look() {
        try {
            String content = read();
            if (!content.equals(lastSeen)) {
                lastSeen = content;
                revokeMissing(content);
                reload(KeyFile.parse(content));
            }
        } catch (IOException | IllegalArgumentException e) {
            complainOnce(reason(e));
        }
    }

    /** A key that was taken out stops working even if another line is wrong; unless no line is right. */
    private void revokeMissing(String content) {
        List<ApiKey> readable = KeyFile.readable(content);
        if (!readable.isEmpty()) {
            keys.retain(readable);
        }
    }

    private void reload(List<ApiKey> parsed) {
        keys.replace(parsed);
        lastComplaint = null;
        loaded.increment();
        LOG.atInfo()
                .addKeyValue("keys", parsed.size())
                .addKeyValue("file", file)
                .log("API keys reloaded");
    }

    private void complainOnce(String reason) {
        if (!reason.equals(lastComplaint)) {
            lastComplaint = reason;
            refused.increment();
            LOG.atError()
                    .addKeyValue("keys", keys.count())
                    .addKeyValue("file", file)
                    .addKeyValue("reason", reason)
                    .log("API keys NOT reloaded, the known ones stay valid");
        }
    }

    private static Counter reloads(MeterRegistry registry, String result) {
        return Counter.builder("saved.string.key.reloads")
                .description("Changes of the key file")
                .tag("result", result)
                .register(registry);
    }

    private String read() throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("it is larger than " + FILE_BYTES_MAX + " bytes");
        }
        return Files.readString(file);
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }
}
