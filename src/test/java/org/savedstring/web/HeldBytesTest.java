package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** Clients that make the service hold much for them, by sending half of it or by taking nothing. */
class HeldBytesTest extends ServiceTest {

    private static final int MAX = 65_536;
    private static final int COUNT = 40;
    private static final int SMALL_BUFFER_BYTES = 4_096;
    private static final String WRITE = "PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\n";

    private final List<HttpConnection> connections = new ArrayList<>();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.http.unfinished-bytes-max",
                String.valueOf(MAX),
                "saved-string.http.untaken-bytes-max",
                String.valueOf(MAX),
                "saved-string.http.request-timeout",
                "1h",
                "saved-string.http.idle-timeout",
                "1h");
    }

    @AfterEach
    void close() throws IOException {
        for (HttpConnection connection : connections) {
            connection.close();
        }
        connections.clear();
        Awaitility.await("what was held for them given back")
                .ignoreExceptions()
                .untilAsserted(this::assertArrivesWhole);
    }

    @Test
    void headsThatDoNotEndAreCutOnceTheyAreTooMuch() throws IOException {
        openAndSend("GET / HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(6_000));
        awaitSomeCut();
    }

    @Test
    void bodiesThatDoNotEndAreCutOnceTheyAreTooMuch() throws IOException {
        openAndSend(WRITE + "Content-Length: 65000\r\n\r\n" + "x".repeat(60_000));
        awaitSomeCut();
    }

    @Test
    void bodiesInChunksThatDoNotEndAreCutOnceTheyAreTooMuch() throws IOException {
        openAndSend(WRITE + "Transfer-Encoding: chunked\r\n\r\n" + "7d0\r\n" + "x".repeat(2_000) + "\r\n"
                + "1\r\nx\r\n".repeat(90));
        awaitSomeCut();
    }

    @Test
    void answersThatAreNotTakenAreCutOnceTheyAreTooMuch() throws IOException {
        save("x".repeat(4_000));
        openAndSend("GET / HTTP/1.1\r\nHost: test\r\n\r\n".repeat(40));
        awaitSomeCut();
    }

    @Test
    void whatIsLongerThanAConnectionMayKeepArrivesWhole() throws IOException {
        assertArrivesWhole();
    }

    private void assertArrivesWhole() throws IOException {
        save("x".repeat(4_000));
        try (var connection = new HttpConnection(HttpConnection.local(server.getPort()), SMALL_BUFFER_BYTES)) {
            connection.send("GET / HTTP/1.1\r\nHost: test\r\nAccept: text/plain\r\n\r\n".repeat(MAX / 5_000));
            for (int i = 0; i < MAX / 5_000; i++) {
                assertThat(connection.answer().body()).hasSize(4_000);
            }
        }
    }

    private void openAndSend(String text) throws IOException {
        for (int i = 0; i < COUNT; i++) {
            var connection = new HttpConnection(HttpConnection.local(server.getPort()), SMALL_BUFFER_BYTES);
            connections.add(connection);
            try {
                connection.send(text);
            } catch (IOException cutMeanwhile) {
                return;
            }
        }
    }

    /** While whoever asks for little is answered. */
    private void awaitSomeCut() {
        Awaitility.await("a connection cut").until(() -> connections.stream().anyMatch(HeldBytesTest::isCut));
        assertThat(http().get("/health/readiness").status()).isEqualTo(200);
        assertThat(http().get("/", "Accept", "text/plain").status()).isEqualTo(200);
        assertThat(save("as ever").status()).isEqualTo(200);
    }

    private static boolean isCut(HttpConnection connection) {
        try {
            connection.send("x");
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
