package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks one instance of the service over real sockets. Headers are given as names and values in turn. */
public final class Http implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final URI base;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_MAX)
            .build();

    public Http(int port) {
        this.base = URI.create("http://127.0.0.1:" + port);
    }

    public int port() {
        return base.getPort();
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Answer put(String value, String... headers) {
        return send("PUT", "/", BodyPublishers.ofString(value), headers);
    }

    public Answer put(byte[] body, String... headers) {
        return send("PUT", "/", BodyPublishers.ofByteArray(body), headers);
    }

    public Answer post(String path, String... headers) {
        return send("POST", path, BodyPublishers.noBody(), headers);
    }

    public Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_MAX).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens the live events and reads them in the background. */
    public EventReader events(String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/events"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new EventReader(client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException("GET /events", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
