package org.savedstring.live;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaders;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.StandardHeaders;
import org.savedstring.lifecycle.Draining;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/** All open event streams of this instance: server-sent events (HTML Living Standard, section 9.2). */
@Context
public final class EventStreams implements GracefulShutdownCapable {

    /** How soon readers come back: at different times, lest those that were told to go together come back together. */
    private static final List<Frame> RETRIES = IntStream.range(0, 32)
            .mapToObj(i -> Frame.of("retry: " + (500 + i * 50) + "\n\n"))
            .toList();

    private final Broadcast broadcast;
    private final ConfirmedReads confirmedReads;
    private final StreamPlaces places;
    private final StreamHead head;
    private final StreamOptions options = new StreamOptions();
    private final Draining draining;
    private final int streamsMax;
    private final long heartbeatNanos;
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("event-streams").factory());
    private volatile boolean closing;

    EventStreams(
            StringStore store,
            Bodies bodies,
            StandardHeaders standardHeaders,
            Draining draining,
            @Value("${saved-string.events.streams-max}") int streamsMax,
            @Value("${saved-string.events.streams-per-client-max}") int streamsPerClientMax,
            @Value("${saved-string.events.heartbeat}") Duration heartbeat,
            @Value("${saved-string.events.versions-behind-max}") int versionsBehindMax) {
        this.draining = draining;
        this.streamsMax = streamsMax;
        this.heartbeatNanos = heartbeat.toNanos();
        this.places = new StreamPlaces(streamsMax, streamsPerClientMax);
        this.head = new StreamHead(standardHeaders);
        this.broadcast = new Broadcast(store, bodies, new EventLog(versionsBehindMax));
        this.confirmedReads = new ConfirmedReads(store, broadcast, timer);
        broadcast.begin(store.awaitHistory(versionsBehindMax), System.currentTimeMillis(), System.nanoTime());
        store.follow(broadcast.newest().version(), broadcast::publish);
        confirmedReads.start();
    }

    public int openCount() {
        return places.taken();
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
        return broadcast.newest().version();
    }

    /** The headers of the answer that a stream is. */
    public HttpHeaders headers() {
        return head.headers(true);
    }

    /**
     * Makes room for one more stream, and confirms what it will show.
     *
     * @return fails with a {@link org.savedstring.answer.ProblemException} if there is no room, or a
     *     {@link org.savedstring.store.StoreException} if nothing can be shown
     */
    public CompletionStage<Place> open(String clientAddress) {
        String client;
        try {
            client = places.take(clientAddress);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
        return confirmedReads.confirm().handle((confirmation, failure) -> {
            if (failure != null) {
                places.giveBack(client);
                throw new CompletionException(StoreException.causeOf(failure));
            }
            return new Place(client);
        });
    }

    /** Room for a stream; one of the two must be called. */
    public final class Place {

        private final String client;

        private Place(String client) {
            this.client = client;
        }

        public void giveBack() {
            places.giveBack(client);
        }

        /**
         * Turns a connection into a stream, for good: all its other handlers go. To be called in its event loop.
         *
         * @param chunked whether the client understands chunks
         * @param lastEventId what the client has already
         */
        public void take(Channel channel, boolean chunked, @Nullable String lastEventId) {
            var stream = new EventStream(EventStreams.this, broadcast.groupOf(channel.eventLoop()), client, chunked);
            ChannelPipeline pipeline = channel.pipeline();
            List<ChannelHandler> others = new ArrayList<>(pipeline.toMap().values());
            // First add the stream, then remove from the outermost inwards: none of those that go holds on to another.
            pipeline.addFirst(stream);
            others.forEach(pipeline::remove);
            options.set(channel);
            stream.begin(head.frame(), RETRIES.get(ThreadLocalRandom.current().nextInt(RETRIES.size())), lastEventId);
            channel.config().setAutoRead(true);
            if (closing) {
                stream.end();
            }
        }
    }

    /** All streams end, so that their readers resume through another instance. */
    @Override
    public CompletionStage<?> shutdownGracefully() {
        closing = true;
        broadcast.forEachGroup(StreamGroup::leave);
        return CompletableFuture.completedStage(null);
    }

    @PreDestroy
    void close() {
        closing = true;
        broadcast.forEachGroup(StreamGroup::endAll);
        timer.shutdownNow();
    }

    boolean isLeaving() {
        return closing || draining.isDraining();
    }

    long heartbeatNanos() {
        return heartbeatNanos;
    }

    void dropped() {
        dropped.incrementAndGet();
    }

    void closed(String client) {
        places.giveBack(client);
    }
}
