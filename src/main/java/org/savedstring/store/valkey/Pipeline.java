package org.savedstring.store.valkey;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.StoreException;

/**
 * Sends calls over one connection in batches, one batch at a time, each followed by a {@code WAIT} so that its answers
 * count only once enough replicas have confirmed them. A batch that isn't answered in time costs the connection, and a
 * call is never sent twice. Confined to the event loop of its connection.
 */
final class Pipeline {

    private static final int BATCH_MAX = 64;

    private final PrimaryConnection connection;
    private final EventLoop eventLoop;
    private final int confirmingReplicas;
    private final long timeoutMs;
    private final int waitingMax;
    private final Timer roundTrips;
    private final Queue<Call<?>> waiting = new ArrayDeque<>();
    private @Nullable Batch inFlight;
    private @Nullable ScheduledFuture<?> outageTimer;

    Pipeline(PrimaryConnection connection, ValkeySettings settings, Timer roundTrips) {
        this.roundTrips = roundTrips;
        this.connection = connection;
        this.eventLoop = connection.eventLoop();
        this.confirmingReplicas = settings.confirmingReplicas();
        this.timeoutMs = settings.timeout().toMillis();
        this.waitingMax = settings.requestsWaitingMax();
    }

    /** Connects; the stage completes when the primary was reached for the first time. */
    CompletableFuture<@Nullable Void> start() {
        return connection.start(this::connectionChanged);
    }

    <T> CompletionStage<T> submit(Call<T> call) {
        if (eventLoop.inEventLoop()) {
            enqueue(call);
        } else {
            eventLoop.execute(() -> enqueue(call));
        }
        return call.result();
    }

    private void enqueue(Call<?> call) {
        if (waiting.size() >= waitingMax) {
            call.refuse(new StoreException.Overloaded(waitingMax));
            return;
        }
        waiting.add(call);
        sendNext();
    }

    private void sendNext() {
        if (inFlight != null || waiting.isEmpty()) {
            return;
        }
        StatefulRedisConnection<String, String> current = connection.current();
        if (current == null) {
            waitForConnection();
        } else {
            inFlight = new Batch(current, takeWaiting());
            inFlight.send();
        }
    }

    private List<Call<?>> takeWaiting() {
        List<Call<?>> calls = new ArrayList<>();
        while (calls.size() < BATCH_MAX && !waiting.isEmpty()) {
            calls.add(waiting.remove());
        }
        return calls;
    }

    /** A short loss, as in a failover, is bridged; in a longer one callers are told at once. */
    private void waitForConnection() {
        long lostForMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connection.lostAtNanos());
        if (lostForMs >= timeoutMs) {
            refuseWaiting();
        } else if (outageTimer == null) {
            outageTimer = eventLoop.schedule(this::outageTimedOut, timeoutMs - lostForMs, TimeUnit.MILLISECONDS);
        }
    }

    private void outageTimedOut() {
        outageTimer = null;
        if (connection.current() == null) {
            waitForConnection();
        }
    }

    private void refuseWaiting() {
        StoreException reason = new StoreException.Unavailable(
                "no connection to Valkey: " + connection.lastFailure().getMessage());
        for (Call<?> call = waiting.poll(); call != null; call = waiting.poll()) {
            call.refuse(reason);
        }
    }

    private void connectionChanged() {
        if (inFlight != null && inFlight.connection != connection.current()) {
            inFlight.finish("the connection to Valkey was lost");
        }
        sendNext();
    }

    private final class Batch {

        private final StatefulRedisConnection<String, String> connection;
        private final List<Call<?>> calls;
        private @Nullable ScheduledFuture<?> timer;
        private long sentAtNanos;

        Batch(StatefulRedisConnection<String, String> connection, List<Call<?>> calls) {
            this.connection = connection;
            this.calls = calls;
        }

        void send() {
            RedisAsyncCommands<String, String> commands = connection.async();
            connection.setAutoFlushCommands(false);
            CompletableFuture<?>[] replies = new CompletableFuture<?>[calls.size()];
            for (int i = 0; i < replies.length; i++) {
                replies[i] = calls.get(i).send(commands);
            }
            RedisFuture<Long> confirmed =
                    confirmingReplicas == 0 ? null : commands.waitForReplication(confirmingReplicas, timeoutMs);
            connection.flushCommands();
            sentAtNanos = System.nanoTime();
            timer = eventLoop.schedule(this::timedOut, timeoutMs, TimeUnit.MILLISECONDS);
            // The replies come in order, so the last one ends the batch.
            CompletableFuture<?> last =
                    confirmed == null ? replies[replies.length - 1] : confirmed.toCompletableFuture();
            last.whenComplete((reply, failure) -> finish(confirmed == null ? null : unconfirmed(reply, failure)));
        }

        private void timedOut() {
            finish("Valkey did not answer within " + timeoutMs + " ms");
        }

        private @Nullable String unconfirmed(@Nullable Object replicas, @Nullable Throwable failure) {
            if (failure != null) {
                return "the confirmation failed: " + failure.getMessage();
            }
            return replicas instanceof Long count && count >= confirmingReplicas
                    ? null
                    : "only " + replicas + " of " + confirmingReplicas + " replicas confirmed";
        }

        private boolean misdirected() {
            return calls.stream().anyMatch(Call::isMisdirected);
        }

        void finish(@Nullable String unconfirmed) {
            if (inFlight != this) {
                return;
            }
            inFlight = null;
            roundTrips.record(System.nanoTime() - sentAtNanos, TimeUnit.NANOSECONDS);
            if (timer != null) {
                timer.cancel(false);
            }
            String fault = unconfirmed == null && misdirected() ? "it is not the primary any more" : unconfirmed;
            if (fault != null) {
                // Before anything else is sent: a primary that isn't confirmed may be none any more.
                Pipeline.this.connection.drop(connection, fault);
            }
            calls.forEach(call -> call.finish(unconfirmed));
            sendNext();
        }
    }
}
