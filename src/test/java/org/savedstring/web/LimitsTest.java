package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** Clients that are slow on purpose, or too many. */
class LimitsTest extends ServiceTest {

    private static final int CONNECTIONS_MAX = 8;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.http.request-timeout",
                "2s",
                "saved-string.http.connections-max",
                String.valueOf(CONNECTIONS_MAX));
    }

    @Test
    void requestThatIsNeverFinishedEndsItsConnection() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            assertThat(connection.send("GET / HTTP/1.1\r\nHost: te").isClosedByService())
                    .isTrue();
        }
    }

    @Test
    void bodyThatIsNeverFinishedEndsItsConnectionAndSavesNothing() throws IOException {
        long before = currentVersion();
        try (HttpConnection connection = rawConnection()) {
            connection.send("PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER
                    + "\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(connection.isClosedByService()).isTrue();
        }
        assertThat(currentVersion()).isEqualTo(before);
    }

    @Test
    void connectionTooManyIsToldToComeBack() throws IOException {
        assertThat(http().get("/").status()).isEqualTo(200);
        List<HttpConnection> connections = new ArrayList<>();
        try {
            // Each is served before the next is opened: which one is too many is then certain.
            for (int i = 1; i < CONNECTIONS_MAX; i++) {
                HttpConnection served = rawConnection();
                connections.add(served);
                served.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").answer();
            }
            connections.add(rawConnection());
            Answer refused = connections.getLast().answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(connections.getLast().isClosedByService()).isTrue();
            assertThat(http().get("/").status()).isEqualTo(200);
        } finally {
            for (HttpConnection connection : connections) {
                connection.close();
            }
        }
    }
}
