package org.savedstring.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.savedstring.machine.HttpConnection;

/** Begins a request and goes on with it, a byte at a time, but never comes to its end. */
public final class SlowClient implements AutoCloseable {

    /** A request whose header is about as long as one may be, and has no end. */
    public static final String HEADER = "GET / HTTP/1.1\r\nHost: saved-string.test\r\n"
            + "X-Long: %s\r\n".formatted("x".repeat(100)).repeat(60) + "X-Slow: ";

    private static final Duration CUT_MAX = Duration.ofMinutes(2);
    private static final long PACE_NANOS = Duration.ofMillis(500).toNanos();

    private final HttpConnection connection;
    private final long openedNanos = System.nanoTime();
    private final Thread thread;
    private volatile long cutNanos;

    public SlowClient(InetSocketAddress address, String begun) throws IOException {
        connection = new HttpConnection(address);
        connection.send(begun);
        thread = Thread.ofVirtual().start(this::goOn);
    }

    /** A write whose body has no end. */
    public static String body(String apiKey) {
        return "PUT / HTTP/1.1\r\nHost: saved-string.test\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n"
                + "X-API-Key: " + apiKey + "\r\n\r\n" + "slow ".repeat(400);
    }

    /** Waits until the service closes the connection; answers for how long it let this client go on. */
    public Duration awaitCut() throws InterruptedException {
        assertThat(thread.join(CUT_MAX)).as("a slow client is cut").isTrue();
        return Duration.ofNanos(cutNanos - openedNanos);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** What was closed at the other end refuses to be written to, at the latest the second time. */
    private void goOn() {
        try {
            while (true) {
                LockSupport.parkNanos(PACE_NANOS);
                connection.send("x");
            }
        } catch (IOException e) {
            cutNanos = System.nanoTime();
        }
    }
}
