package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Asks one instance of the service over connections that it keeps. Headers are given as names and values in turn. What
 * fails is never tried again.
 */
public final class Http implements AutoCloseable {

    private static final byte[] NO_BODY = {};

    /** After so long it is worth a millisecond to see whether the service has closed a connection. */
    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final InetSocketAddress address;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    private record Idle(HttpConnection connection, long sinceNanos) {}

    public Http(int port) {
        this(HttpConnection.local(port));
    }

    public Http(InetSocketAddress address) {
        this.address = address;
    }

    public int port() {
        return address.getPort();
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, headers);
    }

    public Answer put(String value, String... headers) {
        return put(value.getBytes(UTF_8), headers);
    }

    public Answer put(byte[] body, String... headers) {
        return send("PUT", "/", body, headers);
    }

    public Answer post(String path, String... headers) {
        return send("POST", path, headers);
    }

    /** Without a body. */
    public Answer send(String method, String path, String... headers) {
        return send(method, path, NO_BODY, headers);
    }

    /** Opens the live events. */
    public EventReader events(String... headers) {
        try {
            return new EventReader(address, headers);
        } catch (IOException e) {
            throw new UncheckedIOException("GET /events", e);
        }
    }

    @Override
    public void close() {
        for (Idle each = idle.poll(); each != null; each = idle.poll()) {
            try {
                each.connection().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Answer send(String method, String path, byte[] body, String... headers) {
        try {
            HttpConnection kept = kept();
            HttpConnection connection = kept == null ? new HttpConnection(address) : kept;
            boolean keep = false;
            try {
                Answer answer = connection.request(method, path, body, headers);
                keep = !answer.closes();
                return answer;
            } finally {
                if (keep) {
                    idle.push(new Idle(connection, System.nanoTime()));
                } else {
                    connection.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }

    private @Nullable HttpConnection kept() throws IOException {
        for (Idle last = idle.poll(); last != null; last = idle.poll()) {
            boolean fresh = System.nanoTime() - last.sinceNanos() < PAUSE_NANOS;
            if (fresh || !last.connection().isClosedByNow()) {
                return last.connection();
            }
            last.connection().close();
        }
        return null;
    }
}
