package org.savedstring.browser;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.savedstring.live.EventStreams;
import org.savedstring.machine.Answer;
import org.savedstring.machine.FrontProxy;
import org.savedstring.machine.Http;
import org.savedstring.machine.Ports;
import org.savedstring.machine.TestFiles;
import org.savedstring.machine.TestKeys;

/** The service, and writers who use it from elsewhere. */
final class Instance implements AutoCloseable {

    static final String ALICES_KEY = TestKeys.WRITER;
    static final String CAROLS_KEY_FOR_WRITING = TestKeys.WRITER_ONLY;
    static final String DAVES_KEY_FOR_READING = TestKeys.READER;
    static final String ERINS_EXPIRED_KEY = TestKeys.EXPIRED;

    private static final String BOBS_KEY = TestKeys.OTHER;
    private static final Duration END_MAX = Duration.ofSeconds(60);

    private final TestFiles files = new TestFiles();
    private final Http http = new Http(Ports.free());
    private final Map<String, Object> settings;
    private EmbeddedServer server;

    private Instance(Map<String, Object> store) {
        files.replaceKeys(TestKeys.line("alice", ALICES_KEY)
                + TestKeys.line("bob", BOBS_KEY)
                + TestKeys.line("carol", CAROLS_KEY_FOR_WRITING, "scope=write")
                + TestKeys.line("dave", DAVES_KEY_FOR_READING, "scope=read")
                + TestKeys.line("erin", ERINS_EXPIRED_KEY, "expires=2026-01-01T00:00:00Z"));
        settings = new HashMap<>(files.settings());
        settings.put("saved-string.http.port", http.port());
        settings.putAll(store);
        server = start();
    }

    /** With a string of its own. */
    static Instance embedded() {
        return new Instance(Map.of());
    }

    static Instance withWritesPerMinute(int writes) {
        return new Instance(Map.of("saved-string.keys.writes-per-minute", writes));
    }

    static Instance valkey(String address) {
        return new Instance(Map.of(
                "saved-string.store",
                "valkey",
                "saved-string.valkey.address",
                address,
                "saved-string.valkey.tls",
                false,
                "saved-string.valkey.confirming-replicas",
                0));
    }

    int port() {
        return http.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    Way way() {
        return new Way(port());
    }

    /** HAProxy when it is told to compress: it marks the ETag of what it compressed as weak (RFC 9110, 8.8.1). */
    FrontProxy compressingProxy() {
        return FrontProxy.haproxy(port(), "compression algo gzip\n  compression type application/json");
    }

    int openStreams() {
        return server.getApplicationContext().getBean(EventStreams.class).openCount();
    }

    /** As the service ends: streams, then connections, then the rest. */
    void stop() {
        ApplicationContext context = server.getApplicationContext();
        context.getBean(EventStreams.class).shutdownGracefully();
        context.getBean(GracefulShutdownManager.class)
                .shutdownGracefully()
                .toCompletableFuture()
                .orTimeout(END_MAX.toSeconds(), TimeUnit.SECONDS)
                .join();
        context.close();
    }

    /** Again at the same address, after a stop. */
    void startAgain() {
        server = start();
    }

    /** Somebody else saves a string. */
    void bobSaves(String value) {
        Answer answer = http.put(value, "X-API-Key", BOBS_KEY);
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.toString());
        }
    }

    /** Somebody else takes the text of a version out of the history. */
    void bobTakesOut(long version) {
        Answer answer = http.send("DELETE", "/history/" + version, "X-API-Key", BOBS_KEY);
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.toString());
        }
    }

    /** What a program gets that asks for text. */
    String savedString() {
        return http.get("/", "Accept", "text/plain").text();
    }

    long currentVersion() {
        return http.get("/", "Accept", "application/json")
                .json()
                .path("version")
                .asLong();
    }

    Answer get(String path) {
        return http.get(path, "Accept", "text/html");
    }

    @Override
    public void close() {
        stop();
        http.close();
        files.close();
    }

    private EmbeddedServer start() {
        return ApplicationContext.builder()
                .properties(settings)
                .deduceEnvironment(false)
                .banner(false)
                .start()
                .getBean(EmbeddedServer.class)
                .start();
    }
}
