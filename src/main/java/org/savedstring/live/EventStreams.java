package org.savedstring.live;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.StateBody;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All open event streams of this instance. */
@Context
public final class EventStreams implements GracefulShutdownCapable {

    static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GREETING = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final long START_SECONDS_MAX = 10;

    private final Bodies bodies;
    private final int streamsMax;
    private final EventLog log;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("event-streams").factory());
    private volatile boolean closing;

    EventStreams(
            StringStore store,
            Bodies bodies,
            @Value("${saved-string.events.streams-max}") int streamsMax,
            @Value("${saved-string.events.heartbeat}") Duration heartbeat,
            @Value("${saved-string.events.versions-behind-max}") int versionsBehindMax)
            throws Exception {
        this.bodies = bodies;
        this.streamsMax = streamsMax;
        this.log = new EventLog(versionsBehindMax);
        long last = 0;
        for (SavedString version : store.history(versionsBehindMax)
                .toCompletableFuture()
                .get(START_SECONDS_MAX, TimeUnit.SECONDS)
                .reversed()) {
            log.append(encode(version));
            last = version.version();
        }
        store.follow(last, this::publish);
        timer.scheduleAtFixedRate(this::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    public int openCount() {
        return open.size();
    }

    public int streamsMax() {
        return streamsMax;
    }

    /** How many readers were dropped because they didn't read. */
    public long droppedCount() {
        return dropped.get();
    }

    /** The newest version that was published here. */
    public long latestVersion() {
        return log.latestVersion();
    }

    /** Whether one more stream may be opened. */
    public boolean hasRoom() {
        return !closing && open.size() < streamsMax;
    }

    /**
     * A stream of events for one reader.
     *
     * @param current the string at this moment, which the reader gets first unless it has it
     * @param lastEventId the version that the reader has already; negative if none
     */
    public Publisher<byte[]> open(SavedString current, long lastEventId) {
        boolean resumable = lastEventId >= 0 && lastEventId <= current.version() && !log.hasLost(lastEventId);
        return subscriber -> {
            long position = resumable ? lastEventId : current.version();
            byte[] greeting =
                    resumable ? GREETING : join(GREETING, encode(current).frame());
            EventStream[] holder = new EventStream[1];
            EventStream stream = new EventStream(subscriber, log, position, greeting, () -> open.remove(holder[0]));
            holder[0] = stream;
            open.add(stream);
            subscriber.onSubscribe(stream);
            if (closing) {
                stream.complete();
            }
        };
    }

    /** All streams end, so that their readers resume through another instance. */
    @Override
    public CompletionStage<?> shutdownGracefully() {
        completeAll();
        return CompletableFuture.completedStage(null);
    }

    private void completeAll() {
        closing = true;
        open.forEach(EventStream::complete);
    }

    @PreDestroy
    void close() {
        completeAll();
        timer.shutdownNow();
    }

    /** Events carry the same JSON as the string's address. */
    private EventLog.Event encode(SavedString version) {
        String data = new String(bodies.json(StateBody.of(version)), StandardCharsets.UTF_8);
        byte[] frame = "id: %d\ndata: %s\n\n".formatted(version.version(), data).getBytes(StandardCharsets.UTF_8);
        return new EventLog.Event(version.version(), frame);
    }

    private void publish(SavedString version) {
        log.append(encode(version));
        open.forEach(EventStream::signal);
    }

    private void beat() {
        for (EventStream stream : open) {
            if (!stream.heartbeat()) {
                dropped.incrementAndGet();
                LOG.info("event stream dropped: its reader doesn't read");
                stream.complete();
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
