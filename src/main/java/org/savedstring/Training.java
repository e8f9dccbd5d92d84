package org.savedstring;

import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.savedstring.store.valkey.TrainingValkey;

/**
 * Starts as an instance does and asks for its own pages, so that a JVM that records for an ahead-of-time cache sees what an
 * instance will need.
 */
final class Training implements AutoCloseable {

    private static final int ROUNDS = 300;
    private static final int TIMEOUT_MS = 5_000;
    private static final String KEY = "sstr_training";
    private static final String KEY_SHA256 = "1c8efc1b62a4d6a8d0a28233781a057794e35963eb78f8dbaa5d36dac81325cb";
    private static final List<String> PATHS =
            List.of("/", "/health/readiness", "/assets/page.js", "/no-such-page", "/history", "/edit");
    private static final List<String> TYPES = List.of("text/html", "application/json", "text/plain");

    private final TrainingValkey valkey = new TrainingValkey();
    private final Path keys;

    Training() {
        try {
            keys = Files.writeString(Files.createTempFile("saved-string", ".keys"), "training " + KEY_SHA256 + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the service is to be started with, whatever else is set. */
    Map<String, Object> settings() {
        return Map.of(
                "saved-string.store", "valkey",
                "saved-string.valkey.address", valkey.address(),
                "saved-string.valkey.tls", "false",
                "saved-string.keys.file", keys.toString(),
                "saved-string.management.port", "0",
                "saved-string.http.host", "127.0.0.1",
                "saved-string.http.port", "-1");
    }

    void run(EmbeddedServer server) {
        for (int round = 0; round < ROUNDS; round++) {
            for (String path : PATHS) {
                request(server, "GET", path, TYPES.get(round % TYPES.size()));
            }
            request(server, "PUT", "/", "application/json");
        }
    }

    @Override
    public void close() {
        valkey.close();
        try {
            Files.delete(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void request(EmbeddedServer server, String method, String path, String type) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + server.getPort() + path)
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setRequestMethod(method);
            connection.setRequestProperty("Accept", type);
            connection.setRequestProperty("X-API-Key", KEY);
            if (method.equals("PUT")) {
                connection.setDoOutput(true);
                connection.getOutputStream().write("training".getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream body =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                body.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
