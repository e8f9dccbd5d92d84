package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A reader of {@code /events} that resumes where it was when its stream ends, as a browser does. */
public final class EventStream implements AutoCloseable {

    private static final Duration VERSION_MAX = Duration.ofSeconds(30);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    private final InetSocketAddress address;
    private final List<Long> versions = new ArrayList<>();
    private final List<Told> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> uncleanEnds = new ArrayList<>();
    private final AtomicLong lastVersion = new AtomicLong(-1);
    private final AtomicLong cleanEnds = new AtomicLong();
    private final Thread thread;
    private String lastEventId = "";
    private boolean confirmed;
    private volatile @Nullable HttpConnection connection;
    private volatile boolean closed;

    /** What a reader may be told. */
    public enum Kind {
        /** The stream was opened, at first or anew. */
        OPENED,
        /** What is new. */
        VERSION,
        /** That it was current at a time. */
        CONFIRMED
    }

    /**
     * What the reader was told and when.
     *
     * @param version the newest that it has
     * @param confirmedAt null unless that was confirmed
     */
    public record Told(
            Kind kind, long atNanos, long version, @Nullable Instant confirmedAt) {}

    public EventStream(InetSocketAddress address) {
        this.address = address;
        this.thread = Thread.ofVirtual().start(this::follow);
    }

    public long lastVersion() {
        return lastVersion.get();
    }

    /** To be asked after it was closed. */
    public List<String> uncleanEnds() {
        return uncleanEnds;
    }

    /** Everything that it was told until now. */
    public List<Told> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    public void awaitVersion(long version) {
        Awaitility.await("version " + version).atMost(VERSION_MAX).until(() -> lastVersion() >= version);
    }

    /** Closes it; every version from the first that it was sent to this one must have come, once and in order. */
    public void assertMissedNothing(long last) throws IOException {
        close();
        assertThat(uncleanEnds).isEmpty();
        assertThat(versions)
                .containsExactlyElementsOf(LongStream.rangeClosed(versions.getFirst(), last)
                        .boxed()
                        .toList());
    }

    public long cleanEnds() {
        return cleanEnds.get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        HttpConnection current = connection;
        if (current != null) {
            current.close();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        while (!closed) {
            try (var opened = new HttpConnection(address, SILENCE_MAX)) {
                connection = opened;
                readStream(opened);
            } catch (IOException e) {
                if (!closed) {
                    uncleanEnds.add(Instant.now() + " after version " + lastVersion + ": " + e);
                }
            }
            if (!closed) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void readStream(HttpConnection opened) throws IOException {
        String[] headers = lastEventId.isEmpty()
                ? new String[] {"Accept: text/event-stream"}
                : new String[] {"Accept: text/event-stream", "Last-Event-ID: " + lastEventId};
        opened.send("GET", "/events", new byte[0], headers);
        if (opened.readHead().status() != 200) {
            return;
        }
        tell(Kind.OPENED, null);
        var unfinished = new StringBuilder();
        for (byte[] chunk = opened.readChunk(); chunk.length > 0; chunk = opened.readChunk()) {
            unfinished.append(new String(chunk, UTF_8));
            int end = unfinished.lastIndexOf("\n") + 1;
            unfinished.substring(0, end).lines().forEach(this::readLine);
            unfinished.delete(0, end);
        }
        cleanEnds.incrementAndGet();
    }

    private void readLine(String line) {
        if (line.startsWith("id:")) {
            lastEventId = line.substring("id:".length()).strip();
            long version = Long.parseLong(lastEventId.substring(0, lastEventId.indexOf('-')));
            versions.add(version);
            lastVersion.set(version);
            tell(Kind.VERSION, null);
        } else if (line.startsWith("event: confirmed")) {
            confirmed = true;
        } else if (line.startsWith("data:") && confirmed) {
            confirmed = false;
            tell(Kind.CONFIRMED, Instant.parse(line.substring("data:".length()).strip()));
        }
    }

    private void tell(Kind kind, @Nullable Instant confirmedAt) {
        told.add(new Told(kind, System.nanoTime(), lastVersion.get(), confirmedAt));
    }
}
