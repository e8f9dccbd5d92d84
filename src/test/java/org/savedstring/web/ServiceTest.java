package org.savedstring.web;

import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Http;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestFiles;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/** A test class with a running service of its own, over the embedded store unless it sets another. */
@MicronautTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceTest implements TestPropertyProvider {

    protected static final String[] KEY = {"X-API-Key", TestKeys.WRITER};

    @Inject
    protected EmbeddedServer server;

    private final TestFiles files = new TestFiles();
    private @Nullable ValkeyServer valkey;
    private Http http;

    /** What this class sets apart from a free port, a store of its own and the keys. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** What sets a Valkey of its own as the store. */
    protected final Map<String, String> overValkey() {
        valkey = ValkeyServer.start();
        return valkey.settings();
    }

    @Override
    public final Map<String, String> getProperties() {
        Map<String, String> properties = new HashMap<>(files.settings());
        properties.putAll(settings());
        return properties;
    }

    @BeforeAll
    public final void connect() {
        http = new Http(server.getPort());
    }

    @AfterAll
    public final void disconnect() {
        http.close();
        files.close();
        if (valkey != null) {
            valkey.close();
        }
    }

    protected final Http http() {
        return http;
    }

    protected final ValkeyServer valkey() {
        return Objects.requireNonNull(valkey);
    }

    protected final TestFiles files() {
        return files;
    }

    protected final HttpConnection rawConnection() throws java.io.IOException {
        return new HttpConnection(HttpConnection.local(server.getPort()));
    }

    /** Makes it the current string; the answer is that of the write. */
    protected final Answer save(String value) {
        Answer answer = http.put(value, KEY);
        if (answer.status() != 200) {
            throw new AssertionError(answer);
        }
        return answer;
    }

    protected final String current() {
        return http.get("/", "Accept", "text/plain").text();
    }

    protected final long currentVersion() {
        return http.get("/", "Accept", "application/json")
                .json()
                .path("version")
                .asLong();
    }

    /** Headers, with the key. */
    protected static String[] withKey(String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + KEY.length);
        System.arraycopy(KEY, 0, all, headers.length, KEY.length);
        return all;
    }
}
