package org.savedstring.live;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
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
public final class EventStreams implements GracefulShutdownCapable, ConfirmedReads.Display {

    private static final byte[] GREETING = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final long START_SECONDS_MAX = 10;
    private static final DateTimeFormatter ISO_MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringStore store;
    private final Bodies bodies;
    private final ConfirmedReads confirmedReads;
    private final int streamsMax;
    private final EventLog log;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("event-streams").factory());
    private volatile SavedString newest = SavedString.INITIAL;
    private volatile byte[] heartbeat = new byte[0];
    private volatile boolean closing;

    EventStreams(
            StringStore store,
            Bodies bodies,
            @Value("${saved-string.events.streams-max}") int streamsMax,
            @Value("${saved-string.events.heartbeat}") Duration interval,
            @Value("${saved-string.events.versions-behind-max}") int versionsBehindMax)
            throws Exception {
        this.store = store;
        this.bodies = bodies;
        this.streamsMax = streamsMax;
        this.log = new EventLog(versionsBehindMax);
        this.confirmedReads = new ConfirmedReads(store, this, timer);
        for (SavedString version : store.history(versionsBehindMax)
                .toCompletableFuture()
                .get(START_SECONDS_MAX, TimeUnit.SECONDS)
                .reversed()) {
            log.append(encode(version));
            newest = version;
        }
        store.follow(newest.version(), this::publish);
        confirmedReads.start();
        timer.scheduleAtFixedRate(this::beat, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Reads the string, so that a stream begins with what is current. */
    public CompletionStage<SavedString> current() {
        return confirmedReads.confirm().thenApply(confirmed -> newest);
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
        byte[] frame =
                "id: %s\ndata: %s\n\n".formatted(version.revision(), data).getBytes(StandardCharsets.UTF_8);
        return new EventLog.Event(version.version(), frame);
    }

    private synchronized void publish(SavedString version) {
        if (version.version() > newest.version()) {
            log.append(encode(version));
            newest = version;
            open.forEach(EventStream::signal);
        }
    }

    @Override
    public SavedString newest() {
        return newest;
    }

    /** In order and without a gap, whether the change feed has them already or not. */
    @Override
    public CompletionStage<?> showUpTo(SavedString current) {
        long missing = current.version() - newest.version();
        if (missing <= 1) {
            publish(current);
            return CompletableFuture.completedStage(null);
        }
        return store.history(Math.toIntExact(missing))
                .thenAccept(found -> found.reversed().forEach(this::publish));
    }

    @Override
    public void confirmed(ConfirmedReads.Confirmation confirmation) {
        heartbeat = "event: confirmed\ndata: %s\n\n"
                .formatted(ISO_MILLISECONDS.format(confirmation.at()))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void unconfirmed(String reason) {
        LOG.warn("event streams end: {}", reason);
        open.forEach(EventStream::complete);
    }

    @Override
    public synchronized void lost(SavedString current) {
        unconfirmed("the store has version " + current.version() + " where " + newest.revision() + " was shown");
        newest = current;
        log.clear();
        log.append(encode(current));
    }

    private void beat() {
        if (!confirmedReads.latest().isValid()) {
            return;
        }
        for (EventStream stream : open) {
            if (!stream.heartbeat(heartbeat)) {
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
