package org.savedstring.machine;

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

    private static final String CONFIRMED = "event: confirmed\ndata: ";
    private static final Duration VERSION_MAX = Duration.ofMinutes(2);
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    private final InetSocketAddress address;
    private final List<Long> versions = new ArrayList<>();
    private final List<Told> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> uncleanEnds = new ArrayList<>();
    private final AtomicLong lastVersion = new AtomicLong(-1);
    private final AtomicLong cleanEnds = new AtomicLong();
    private final Thread thread;
    private String lastEventId = "";
    private volatile @Nullable EventReader reader;
    private volatile boolean closed;

    /** What a reader may be told. */
    public enum Kind {
        /** The stream was opened, at first or anew. */
        OPENED,
        /** The stream has ended. */
        ENDED,
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
    public void assertMissedNothing(long last) {
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
    public void close() {
        closed = true;
        EventReader current = reader;
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
            try (var opened = open()) {
                reader = opened;
                read(opened);
            } catch (IOException e) {
                if (!closed) {
                    uncleanEnds.add(Instant.now() + " after version " + lastVersion + ": " + e);
                }
            }
            if (!closed) {
                tell(Kind.ENDED, null);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private EventReader open() throws IOException {
        return lastEventId.isEmpty()
                ? new EventReader(address, "Accept", "text/event-stream")
                : new EventReader(address, "Accept", "text/event-stream", "Last-Event-ID", lastEventId);
    }

    private void read(EventReader opened) throws IOException {
        if (opened.head().status() != 200) {
            return;
        }
        tell(Kind.OPENED, null);
        for (String block = opened.block(); block != null; block = opened.block()) {
            if (block.startsWith("id: ")) {
                EventReader.Event event = EventReader.Event.parse(block);
                lastEventId = event.id();
                versions.add(event.version());
                lastVersion.set(event.version());
                tell(Kind.VERSION, null);
            } else if (block.startsWith(CONFIRMED)) {
                tell(Kind.CONFIRMED, Instant.parse(block.substring(CONFIRMED.length())));
            }
        }
        cleanEnds.incrementAndGet();
    }

    private void tell(Kind kind, @Nullable Instant confirmedAt) {
        told.add(new Told(kind, System.nanoTime(), lastVersion.get(), confirmedAt));
    }
}
