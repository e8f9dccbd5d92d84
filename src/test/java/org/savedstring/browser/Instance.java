package org.savedstring.browser;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.savedstring.live.EventStreams;
import org.savedstring.machine.Ports;

/** The service, and writers who use it from elsewhere. */
final class Instance implements AutoCloseable {

    /** Known only here, so no secret: the service of a test is reached by this machine alone. */
    static final String ALICES_KEY = "sstr_alice-in-a-browser";

    private static final String BOBS_KEY = "sstr_bob-with-curl";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();
    private final int port = Ports.free();
    private final Path keys;
    private final Map<String, Object> properties;
    private EmbeddedServer server;

    private Instance(Path directory, Map<String, Object> store) throws IOException {
        this.keys = directory.resolve("keys");
        keepKeys("alice " + sha256(ALICES_KEY), "bob " + sha256(BOBS_KEY));
        this.properties = new HashMap<>(store);
        properties.put("saved-string.http.host", "127.0.0.1");
        properties.put("saved-string.http.port", port);
        properties.put("saved-string.keys.file", keys.toString());
        this.server = start();
    }

    /** With a string of its own. */
    static Instance embedded(Path directory) throws IOException {
        return new Instance(
                directory,
                Map.of(
                        "saved-string.store",
                        "embedded",
                        "saved-string.embedded.file",
                        directory.resolve("string").toString()));
    }

    static Instance valkey(Path directory, String address) throws IOException {
        return new Instance(
                directory,
                Map.of(
                        "saved-string.store",
                        "valkey",
                        "saved-string.valkey.address",
                        address,
                        "saved-string.valkey.tls",
                        false,
                        "saved-string.valkey.confirming-replicas",
                        0));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** As the service ends: streams, then connections, then the rest. */
    void stop() {
        ApplicationContext context = server.getApplicationContext();
        context.getBean(EventStreams.class).shutdownGracefully();
        context.getBean(GracefulShutdownManager.class)
                .shutdownGracefully()
                .toCompletableFuture()
                .orTimeout(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)
                .join();
        context.close();
    }

    /** Again at the same address, after a stop. */
    void startAgain() {
        server = start();
    }

    void keepKeys(String... lines) throws IOException {
        Files.writeString(keys, "# keys\n" + String.join("\n", lines));
    }

    /** Somebody else saves a string. */
    void bobSaves(String value) {
        HttpResponse<String> answer = send(
                HttpRequest.newBuilder().header("X-API-Key", BOBS_KEY).PUT(HttpRequest.BodyPublishers.ofString(value)));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
        }
    }

    /** What a program gets that asks for text. */
    String savedString() {
        return send(HttpRequest.newBuilder().header("Accept", "text/plain")).body();
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder().header("Accept", "text/html"), path);
    }

    @Override
    public void close() {
        stop();
        http.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, "/");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) {
        try {
            return http.send(
                    request.uri(URI.create(url(path))).timeout(ANSWER_MAX).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private EmbeddedServer start() {
        return ApplicationContext.builder()
                .properties(properties)
                .deduceEnvironment(false)
                .banner(false)
                .start()
                .getBean(EmbeddedServer.class)
                .start();
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
