package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** Clients that are slow on purpose, or too many. */
class LimitsTest extends ServiceTest {

    private static final int CONNECTIONS_MAX = 8;
    private static final int PER_CLIENT_MAX = 5;

    /** The client that all tests share has one. */
    private static final int RAW_MAX = PER_CLIENT_MAX - 1;

    /** Far more than have room at once. */
    private static final int SILENT = 600;

    private static final byte[] ANOTHER = {127, 0, 0, 2};

    /** Those of a test that holds several. */
    private final List<HttpConnection> connections = new ArrayList<>();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.http.request-timeout",
                "2s",
                "saved-string.http.connections-max",
                String.valueOf(CONNECTIONS_MAX),
                "saved-string.http.connections-per-client-max",
                String.valueOf(PER_CLIENT_MAX));
    }

    /** The next test needs all the room there is. */
    @AfterEach
    void awaitClosed() throws IOException {
        close(connections);
        connections.clear();
        Awaitility.await("its connections closed").ignoreExceptions().until(this::hasRoom);
    }

    private boolean hasRoom() throws IOException {
        List<HttpConnection> all = new ArrayList<>();
        try {
            return openServed(RAW_MAX, this::rawConnection, all)
                    && openServed(CONNECTIONS_MAX - PER_CLIENT_MAX, this::connectionOfAnother, all);
        } finally {
            close(all);
        }
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
        openServed(RAW_MAX, this::rawConnection, connections);
        openServed(CONNECTIONS_MAX - PER_CLIENT_MAX, this::connectionOfAnother, connections);
        assertIsRefused(connectionOfAnother(), 503);
        assertServed(connections);
    }

    @Test
    void healthIsToldOnAConnectionTooManyAndNothingElseIs() throws IOException {
        assertThat(http().get("/").status()).isEqualTo(200);
        openServed(RAW_MAX, this::rawConnection, connections);
        for (String path : new String[] {"/health/readiness", "/health/liveness"}) {
            assertHealthIsTold(rawConnection(), path);
        }
        openServed(CONNECTIONS_MAX - PER_CLIENT_MAX, this::connectionOfAnother, connections);
        assertHealthIsTold(connectionOfAnother(), "/health/readiness");
        for (String request : new String[] {
            "GET / HTTP/1.1", "PUT / HTTP/1.1", "GET /events HTTP/1.1", "GET /healthy HTTP/1.0", "RUBBISH"
        }) {
            assertIsRefused(
                    connectionOfAnother()
                            .send(request
                                    + "\r\nHost: test\r\n\r\nGET /health/readiness HTTP/1.1\r\nHost: test\r\n\r\n"),
                    503);
        }
    }

    @Test
    void healthIsToldHoweverManyAreTooManyAndSayNothing() throws IOException {
        assertThat(http().get("/").status()).isEqualTo(200);
        openServed(RAW_MAX, this::rawConnection, connections);
        for (int i = 0; i < SILENT; i++) {
            connections.add(rawConnection());
        }
        assertHealthIsTold(rawConnection(), "/health/readiness");
        for (HttpConnection silent : connections.subList(RAW_MAX, connections.size())) {
            assertThat(silent.answer().status()).isEqualTo(429);
            assertThat(silent.isClosedByService()).isTrue();
        }
    }

    @Test
    void connectionTooManyOfOneClientIsToldSoWhileAnotherIsServed() throws IOException {
        assertThat(http().get("/").status()).isEqualTo(200);
        openServed(RAW_MAX, this::rawConnection, connections);
        assertIsRefused(rawConnection(), 429);
        openServed(1, this::connectionOfAnother, connections);
        assertServed(connections);
        connections.removeFirst().close();
        Awaitility.await("room for one more")
                .ignoreExceptions()
                .until(() -> openServed(1, this::rawConnection, connections));
    }

    private interface Opening {
        HttpConnection open() throws IOException;
    }

    private HttpConnection connectionOfAnother() throws IOException {
        return new HttpConnection(InetAddress.getByAddress(ANOTHER), HttpConnection.local(server.getPort()), 0);
    }

    /** Each is served before the next is opened: which one is too many is then certain. */
    private static boolean openServed(int count, Opening opening, List<HttpConnection> opened) throws IOException {
        for (int i = 0; i < count; i++) {
            HttpConnection connection = opening.open();
            opened.add(connection);
            assertServed(List.of(connection));
        }
        return true;
    }

    private static void assertServed(List<HttpConnection> open) throws IOException {
        for (HttpConnection connection : open) {
            assertThat(connection
                            .send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void assertHealthIsTold(HttpConnection connection, String path) throws IOException {
        try (connection) {
            Answer answer = connection
                    .send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.closes()).isTrue();
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    private static void assertIsRefused(HttpConnection connection, int status) throws IOException {
        try (connection) {
            Answer refused = connection.answer();
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(refused.header("Date")).isNotEmpty();
            assertThat(refused.problem()).startsWith("too-many-connections");
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    private static void close(List<HttpConnection> open) throws IOException {
        for (HttpConnection connection : open) {
            connection.close();
        }
    }
}
