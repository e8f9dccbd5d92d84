package org.savedstring.store.valkey;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Counter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the current primary, made again whenever it is lost, with a jittered pause between attempts that
 * grows until something succeeds. Confined to its event loop.
 */
final class PrimaryConnection {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryConnection.class);
    private static final long PAUSE_FIRST_MS = 20;
    private static final long PAUSE_MAX_MS = 400;

    private final String purpose;
    private final Loop loop;
    private final RedisClient client;
    private final PrimaryLocator locator;
    private final Troubles troubles;
    private final Counter connectionsLost;
    private final CompletableFuture<@Nullable Void> firstReady = new CompletableFuture<>();
    private Runnable onChange = () -> {};
    private @Nullable StatefulRedisConnection<String, String> connection;
    private @Nullable ScheduledFuture<?> nextAttempt;
    private volatile @Nullable RedisURI node;
    private volatile String lastFailure = "not connected yet";
    private long lostAtNanos = System.nanoTime();
    private long pauseMs = PAUSE_FIRST_MS;
    private boolean troubled;
    private volatile boolean closed;

    PrimaryConnection(
            String purpose,
            Loop loop,
            RedisClient client,
            PrimaryLocator locator,
            Troubles troubles,
            Counter connectionsLost) {
        this.connectionsLost = connectionsLost;
        this.purpose = purpose;
        this.loop = loop;
        this.client = client;
        this.locator = locator;
        this.troubles = troubles;
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                loop.run(() -> {
                    if (lost == connection) {
                        lose("the connection was closed by Valkey");
                    }
                });
            }
        });
    }

    Loop loop() {
        return loop;
    }

    /** Connects, and calls back in the event loop each time the connection is made or lost. */
    CompletableFuture<@Nullable Void> start(Runnable changeListener) {
        loop.run(() -> {
            onChange = changeListener;
            attempt();
        });
        return firstReady;
    }

    /** The connection, or null while there is none. */
    @Nullable
    StatefulRedisConnection<String, String> current() {
        assert loop.isCurrent();
        return connection;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isReady() {
        return firstReady.isDone();
    }

    /** Since when there has been no connection. */
    long lostAtNanos() {
        return lostAtNanos;
    }

    String lastFailure() {
        return lastFailure;
    }

    /** The node that it leads to, or last led to; empty if there has been none yet. */
    String node() {
        RedisURI last = node;
        return last == null ? "" : Nodes.key(last);
    }

    /** The same, as an address to connect to. */
    @Nullable
    RedisURI uri() {
        return node;
    }

    /** Something was answered as it should have been. */
    void succeeded() {
        assert loop.isCurrent();
        pauseMs = PAUSE_FIRST_MS;
        if (troubled) {
            troubled = false;
            troubles.end(this);
        }
    }

    /** Valkey refused something, for reasons that another connection wouldn't change. */
    void refused(String words) {
        tell(node(), words);
    }

    /** Gives a connection up for good, if it is still the current one, and makes another. */
    void drop(StatefulRedisConnection<String, String> suspect, String reason) {
        assert loop.isCurrent();
        if (suspect == connection) {
            lose(reason);
        }
    }

    /** Doesn't wait for the end of the pause: another connection has just found the primary. */
    void attemptNow() {
        loop.run(() -> {
            ScheduledFuture<?> later = nextAttempt;
            if (later != null && later.cancel(false)) {
                attempt();
            }
        });
    }

    /** Closes the connection, for good; the stage completes when it is closed. */
    CompletableFuture<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        closed = true;
        boolean runs = loop.run(() -> {
            StatefulRedisConnection<String, String> last = connection;
            connection = null;
            CompletableFuture<?> ending = last == null ? CompletableFuture.completedFuture(null) : last.closeAsync();
            ending.whenComplete((nothing, failure) -> done.complete(null));
            onChange.run();
        });
        if (!runs) {
            done.complete(null);
        }
        return done;
    }

    private void attempt() {
        assert loop.isCurrent();
        nextAttempt = null;
        if (closed) {
            return;
        }
        locator.connect(client).whenComplete((made, failure) -> {
            if (!loop.run(() -> attempted(made, failure)) && made != null) {
                made.connection().closeAsync();
            }
        });
    }

    private void attempted(PrimaryLocator.@Nullable Located made, @Nullable Throwable failure) {
        if (made == null) {
            retryLater(failure instanceof PrimaryLocator.Failed failed ? failed : locator.failed("", failure));
        } else if (closed || !made.connection().isOpen()) {
            made.connection().closeAsync();
            retryLater(locator.failed(
                    Nodes.key(made.node()), new IllegalStateException("the connection was closed at once")));
        } else {
            connection = made.connection();
            node = made.node();
            LOG.debug("{}: connected to the primary {}", purpose, node());
            firstReady.complete(null);
            onChange.run();
        }
    }

    private void lose(String reason) {
        StatefulRedisConnection<String, String> lost = connection;
        connection = null;
        lostAtNanos = System.nanoTime();
        if (lost != null) {
            lost.closeAsync();
        }
        if (!closed) {
            connectionsLost.increment();
            locator.lost(node());
            lastFailure = reason;
            tell(node(), reason);
            onChange.run();
            scheduleAttempt();
        }
    }

    private void retryLater(PrimaryLocator.Failed failure) {
        lastFailure = failure.words();
        if (!closed) {
            tell(failure.node(), lastFailure);
            scheduleAttempt();
        }
    }

    private void scheduleAttempt() {
        long jitteredMs = ThreadLocalRandom.current().nextLong(pauseMs / 2, pauseMs + 1);
        pauseMs = Math.min(PAUSE_MAX_MS, 2 * pauseMs);
        nextAttempt = loop.eventLoop().schedule(this::attempt, jitteredMs, TimeUnit.MILLISECONDS);
    }

    private void tell(String where, String words) {
        troubled = true;
        troubles.tell(this, purpose, where.isEmpty() ? node() : where, words);
    }
}
