package org.savedstring;

import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;

/** Asks the running service for its own pages, so that a JVM that records for an ahead-of-time cache sees them served. */
final class Training implements Runnable {

    private static final int ROUNDS = 200;
    private static final int TIMEOUT_MS = 5_000;
    private static final List<String> PATHS = List.of("/", "/health/readiness", "/assets/page.js", "/no-such-page");
    private static final List<String> TYPES = List.of("text/html", "application/json", "text/plain");

    private final EmbeddedServer server;

    Training(EmbeddedServer server) {
        this.server = server;
    }

    @Override
    public void run() {
        for (int round = 0; round < ROUNDS; round++) {
            for (String path : PATHS) {
                fetch(path, TYPES.get(round % TYPES.size()));
            }
        }
    }

    private void fetch(String path, String type) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://localhost:" + server.getPort() + path)
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setRequestProperty("Accept", type);
            try (InputStream body =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                body.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
