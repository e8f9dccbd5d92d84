package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.RawConnection;

/** Connections on which nothing happens. */
class IdleTest extends ServiceTest {

    private static final int HEARTBEATS = 12;

    @Override
    protected Map<String, String> settings() {
        // Twelve heartbeats take longer than a connection may be idle.
        return Map.of("saved-string.http.idle-timeout", "500ms", "saved-string.events.heartbeat", "100ms");
    }

    @Test
    void connectionOnWhichNothingWasEverSentIsClosed() throws IOException {
        try (RawConnection connection = rawConnection()) {
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void connectionThatWasUsedAndThenForgottenIsClosed() throws IOException {
        try (RawConnection connection = rawConnection()) {
            Answer answer =
                    connection.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void streamThatOnlyEverGetsHeartbeatsStaysOpen() {
        try (EventReader stream = http().events()) {
            for (int i = 0; i < HEARTBEATS; i++) {
                assertThat(stream.nextBlock()).doesNotStartWith("\0");
            }
        }
    }
}
