package org.savedstring.store.valkey;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the current primary, made anew whenever it is lost, with a jittered pause between attempts so that
 * many instances don't return all at once. Confined to its event loop.
 */
final class PrimaryConnection {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryConnection.class);
    private static final long PAUSE_FIRST_MS = 20;
    private static final long PAUSE_MAX_MS = 400;
    private static final int ATTEMPT_TIMEOUTS = 3;

    private final String purpose;
    private final EventLoop eventLoop;
    private final PrimaryLocator locator;
    private final long attemptMaxMs;
    private final Counter connectionsLost;
    private final CompletableFuture<@Nullable Void> firstReady = new CompletableFuture<>();
    private Runnable onChange = () -> {};
    private @Nullable StatefulRedisConnection<String, String> connection;
    private Throwable lastFailure = new IllegalStateException("not connected yet");
    private long lostAtNanos = System.nanoTime();
    private long pauseMs = PAUSE_FIRST_MS;
    private boolean closed;

    PrimaryConnection(
            String purpose,
            EventLoop eventLoop,
            RedisClient client,
            RedisCredentialsProvider credentials,
            List<RedisURI> seeds,
            Duration timeout,
            Counter connectionsLost) {
        this.connectionsLost = connectionsLost;
        this.purpose = purpose;
        this.eventLoop = eventLoop;
        this.locator = new PrimaryLocator(client, credentials, seeds);
        this.attemptMaxMs = ATTEMPT_TIMEOUTS * timeout.toMillis();
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                inEventLoop(() -> {
                    if (lost == connection) {
                        lose(new IllegalStateException("the connection was closed by Valkey"));
                    }
                });
            }
        });
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** Connects, and calls back in the event loop each time the connection was made or lost. */
    CompletableFuture<@Nullable Void> start(Runnable changeListener) {
        inEventLoop(() -> {
            onChange = changeListener;
            attempt();
        });
        return firstReady;
    }

    /** The connection, or null while there is none. */
    @Nullable
    StatefulRedisConnection<String, String> current() {
        return connection;
    }

    boolean isClosed() {
        return closed;
    }

    /** Since when there has been no connection. */
    long lostAtNanos() {
        return lostAtNanos;
    }

    Throwable lastFailure() {
        return lastFailure;
    }

    /** Gives a connection up for good, if it is still the current one, and makes another. */
    void drop(StatefulRedisConnection<String, String> suspect, String reason) {
        if (suspect == connection) {
            lose(new IllegalStateException(reason));
        }
    }

    /** Closes the connection, for good; the stage completes when it is closed. */
    CompletableFuture<@Nullable Void> close() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        inEventLoop(() -> {
            closed = true;
            StatefulRedisConnection<String, String> last = connection;
            connection = null;
            CompletableFuture<?> ending = last == null ? CompletableFuture.completedFuture(null) : last.closeAsync();
            ending.whenComplete((nothing, failure) -> done.complete(null));
        });
        return done;
    }

    private void attempt() {
        if (closed) {
            return;
        }
        CompletableFuture<StatefulRedisConnection<String, String>> attempt =
                locator.connect().toCompletableFuture();
        // A connection that comes after its attempt was given up must not stay open.
        attempt.copy()
                .orTimeout(attemptMaxMs, TimeUnit.MILLISECONDS)
                .whenComplete((made, failure) -> inEventLoop(() -> {
                    if (made != null) {
                        use(made);
                    } else {
                        attempt.thenAccept(StatefulRedisConnection::closeAsync);
                        retryLater(failure);
                    }
                }));
    }

    private void use(StatefulRedisConnection<String, String> made) {
        if (closed || !made.isOpen()) {
            made.closeAsync();
            retryLater(new IllegalStateException("the connection was closed at once"));
            return;
        }
        connection = made;
        pauseMs = PAUSE_FIRST_MS;
        LOG.debug("{}: connected to the primary", purpose);
        firstReady.complete(null);
        onChange.run();
    }

    private void lose(Throwable reason) {
        StatefulRedisConnection<String, String> lost = connection;
        connection = null;
        lostAtNanos = System.nanoTime();
        if (lost != null) {
            lost.closeAsync();
        }
        if (!closed) {
            connectionsLost.increment();
            LOG.warn("{}: connection to Valkey lost: {}", purpose, reason.getMessage());
            onChange.run();
            retryLater(reason);
        }
    }

    private void retryLater(Throwable failure) {
        lastFailure = new IllegalStateException(rootMessage(failure));
        if (closed) {
            return;
        }
        LOG.debug("{}: no connection to the primary: {}", purpose, lastFailure.getMessage());
        long jitteredMs = ThreadLocalRandom.current().nextLong(pauseMs / 2, pauseMs + 1);
        pauseMs = Math.min(PAUSE_MAX_MS, 2 * pauseMs);
        eventLoop.schedule(this::attempt, jitteredMs, TimeUnit.MILLISECONDS);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage() == null ? root : root.getMessage());
    }

    private void inEventLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }
}
