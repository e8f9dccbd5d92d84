package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.HttpConnection;

/** Connections on which nothing happens. */
class IdleTest extends ServiceTest {

    private static final int HEARTBEATS = 24;

    @Override
    protected Map<String, String> settings() {
        // The heartbeats take longer than a connection may be idle, each of them far less.
        return Map.of("saved-string.http.idle-timeout", "2s", "saved-string.events.heartbeat", "100ms");
    }

    @Test
    void connectionOnWhichNothingWasEverSentIsClosed() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void connectionThatWasUsedAndThenForgottenIsClosed() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            Answer answer =
                    connection.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void streamThatOnlyEverGetsHeartbeatsStaysOpen() throws IOException {
        try (EventReader stream = http().events()) {
            for (int i = 0; i < HEARTBEATS; i++) {
                assertThat(stream.block()).isNotNull();
            }
        }
    }
}
