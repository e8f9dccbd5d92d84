package org.savedstring.store.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.StoreException;

/**
 * Sends calls over one connection in batches, one batch at a time, each followed by a {@code WAIT} so that its answers
 * count only once enough replicas have confirmed them. A batch that isn't answered in time ends the connection. Calls
 * that certainly had no effect are sent again while there is time; a write whose outcome is unknown never is. Confined
 * to the event loop of its connection.
 */
final class ConfirmedCalls {

    private static final int BATCH_MAX = 64;
    private static final long SLOW_MS = TimeUnit.NANOSECONDS.toMillis(Pace.SLOW_NANOS);
    /** Reads that succeed say nothing about writes, unless nobody has tried to write for this long. */
    private static final long WRITE_REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final String ENDED = "the service is ending";

    private final PrimaryConnection connection;
    private final Loop loop;
    private final int confirmingReplicas;
    private final long timeoutMs;
    private final long lastReplicaTimeoutMs;
    private final IntSupplier replicasUp;
    private final Runnable whenSlow;
    private final int waitingMax;
    private final Timer roundTrips;
    private final Deque<ScriptCall<?>> waiting = new ArrayDeque<>();
    private @Nullable Batch inFlight;
    private @Nullable ScheduledFuture<?> waitingTimer;
    private long answeredAtNanos = System.nanoTime();
    private long writeRefusedAtNanos = answeredAtNanos - 2 * WRITE_REFUSAL_NANOS;

    /**
     * Makes it; {@link #start} connects.
     *
     * @param replicasUp how many replicas to wait for if they confirm at once; 0 where the required ones are enough
     * @param whenSlow is run once for a batch that isn't confirmed soon
     */
    ConfirmedCalls(
            PrimaryConnection connection,
            ValkeySettings settings,
            IntSupplier replicasUp,
            Runnable whenSlow,
            Timer roundTrips) {
        this.roundTrips = roundTrips;
        this.connection = connection;
        this.loop = connection.loop();
        this.confirmingReplicas = settings.confirmingReplicas();
        this.timeoutMs = settings.timeout().toMillis();
        this.lastReplicaTimeoutMs = settings.lastReplicaTimeout().toMillis();
        this.replicasUp = replicasUp;
        this.whenSlow = whenSlow;
        this.waitingMax = settings.requestsWaitingMax();
    }

    /** Connects; the stage completes when the primary has been reached for the first time. */
    CompletableFuture<@Nullable Void> start() {
        return connection.start(this::connectionChanged);
    }

    PrimaryConnection connection() {
        return connection;
    }

    <T> CompletionStage<T> submit(ScriptCall<T> call) {
        if (!loop.run(() -> enqueue(call))) {
            call.refuse(new StoreException.Unavailable(ENDED));
        }
        return call.result();
    }

    /** Whether this connection has been idle for so long that nobody would know if it were dead. */
    boolean isIdle(long nanos) {
        assert loop.isCurrent();
        return connection.current() != null
                && inFlight == null
                && waiting.isEmpty()
                && System.nanoTime() - answeredAtNanos >= nanos;
    }

    private void enqueue(ScriptCall<?> call) {
        assert loop.isCurrent();
        if (waiting.size() >= waitingMax) {
            call.refuse(new StoreException.Overloaded(waitingMax));
            return;
        }
        call.sendBy(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        waiting.add(call);
        sendNext();
    }

    private void sendNext() {
        assert loop.isCurrent();
        if (inFlight != null || waiting.isEmpty()) {
            return;
        }
        StatefulRedisConnection<String, String> current = connection.current();
        if (current == null) {
            waitForConnection();
            return;
        }
        List<ScriptCall<?>> calls = takeWaiting();
        if (!calls.isEmpty()) {
            inFlight = new Batch(current, calls);
            inFlight.send();
        }
    }

    private List<ScriptCall<?>> takeWaiting() {
        List<ScriptCall<?>> calls = new ArrayList<>();
        while (calls.size() < BATCH_MAX && !waiting.isEmpty()) {
            ScriptCall<?> call = waiting.remove();
            if (call.isTooLate()) {
                call.refuseAsUnavailable("Valkey did not get to it within " + timeoutMs + " ms");
            } else {
                calls.add(call);
            }
        }
        return calls;
    }

    /** A short loss, as in a failover, is bridged; in a longer one, callers are told at once. */
    private void waitForConnection() {
        long lostForMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connection.lostAtNanos());
        while (!waiting.isEmpty()
                && (lostForMs >= timeoutMs || waiting.getFirst().isTooLate())) {
            waiting.remove().refuseAsUnavailable("no connection to Valkey: " + connection.lastFailure());
        }
        if (!waiting.isEmpty() && waitingTimer == null) {
            long nanos = waiting.getFirst().sendByNanos() - System.nanoTime();
            waitingTimer = loop.eventLoop().schedule(this::waitedLong, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void waitedLong() {
        waitingTimer = null;
        sendNext();
    }

    private void connectionChanged() {
        assert loop.isCurrent();
        if (inFlight != null && inFlight.connection != connection.current()) {
            inFlight.finish("the connection to Valkey was lost");
        }
        sendNext();
    }

    private void sendAgain(List<ScriptCall<?>> calls) {
        if (!calls.isEmpty()) {
            calls.reversed().forEach(waiting::addFirst);
        }
    }

    private final class Batch {

        private final StatefulRedisConnection<String, String> connection;
        private final List<ScriptCall<?>> calls;
        private @Nullable RedisFuture<Long> confirmed;
        private @Nullable ScheduledFuture<?> timer;
        private long sentAtNanos;

        Batch(StatefulRedisConnection<String, String> connection, List<ScriptCall<?>> calls) {
            this.connection = connection;
            this.calls = calls;
        }

        void send() {
            sentAtNanos = System.nanoTime();
            try {
                CompletableFuture<?> last = dispatch(connection.async());
                timer = confirmed == null ? in(batchMaxMs(), this::timedOut) : in(SLOW_MS, this::slow);
                last.whenComplete((reply, failure) -> finish(unconfirmed()));
            } catch (RuntimeException | Error e) {
                finish("the calls could not be sent: " + e);
            }
        }

        /** Sends everything at once; the replies come in order, so the last one ends the batch. */
        private CompletableFuture<?> dispatch(RedisAsyncCommands<String, String> commands) {
            connection.setAutoFlushCommands(false);
            CompletableFuture<?> last = CompletableFuture.completedFuture(null);
            for (ScriptCall<?> call : calls) {
                last = call.send(commands);
            }
            if (confirmingReplicas > 0) {
                confirmed = commands.waitForReplication(confirmingReplicas, timeoutMs);
                last = confirmed.toCompletableFuture();
                int up = replicasUp.getAsInt();
                if (up > confirmingReplicas && lastReplicaTimeoutMs > 0) {
                    // Waits for those that are a moment behind, so that whichever is promoted has it.
                    last = commands.waitForReplication(up, lastReplicaTimeoutMs).toCompletableFuture();
                }
            }
            connection.flushCommands();
            return last;
        }

        private ScheduledFuture<?> in(long ms, Runnable task) {
            return loop.eventLoop().schedule(task, ms, TimeUnit.MILLISECONDS);
        }

        private void slow() {
            timer = in(batchMaxMs() - SLOW_MS, this::timedOut);
            whenSlow.run();
        }

        private long batchMaxMs() {
            return timeoutMs + (replicasUp.getAsInt() > 0 ? lastReplicaTimeoutMs : 0);
        }

        private void timedOut() {
            finish("Valkey did not answer within " + timeoutMs + " ms");
        }

        private @Nullable String unconfirmed() {
            if (confirmed == null) {
                return null;
            }
            CompletableFuture<Long> replicas = confirmed.toCompletableFuture();
            if (replicas.state() != Future.State.SUCCESS) {
                return replicas.state() == Future.State.FAILED
                                && replicas.exceptionNow() instanceof RedisCommandExecutionException refused
                        ? String.valueOf(refused.getMessage())
                        : "the connection to Valkey was lost";
            }
            return replicas.resultNow() >= confirmingReplicas
                    ? null
                    : "only " + replicas.resultNow() + " of " + confirmingReplicas + " replicas confirmed";
        }

        void finish(@Nullable String unconfirmed) {
            assert loop.isCurrent();
            if (inFlight != this) {
                return;
            }
            inFlight = null;
            if (timer != null) {
                timer.cancel(false);
            }
            try {
                end(unconfirmed);
            } finally {
                sendNext();
            }
        }

        private void end(@Nullable String unconfirmed) {
            answeredAtNanos = System.nanoTime();
            roundTrips.record(answeredAtNanos - sentAtNanos, TimeUnit.NANOSECONDS);
            String fault = fault(unconfirmed);
            if (fault != null) {
                // Before anything else is sent: a primary that isn't confirmed may be none any more.
                ConfirmedCalls.this.connection.drop(connection, fault);
            }
            List<ScriptCall<?>> again = List.of();
            for (ScriptCall<?> call : calls) {
                if (!call.finish(unconfirmed)) {
                    again = again.isEmpty() ? new ArrayList<>() : again;
                    again.add(call);
                }
            }
            assert calls.stream()
                            .filter(call -> !call.result().isDone())
                            .toList()
                            .equals(again)
                    : "a call was lost";
            if (fault == null) {
                tellComplaintOrSuccess();
            }
            sendAgain(again);
        }

        private @Nullable String fault(@Nullable String unconfirmed) {
            String fault = null;
            for (int i = 0; i < calls.size() && fault == null; i++) {
                fault = calls.get(i).connectionFault();
            }
            return unconfirmed == null ? fault : unconfirmed;
        }

        private void tellComplaintOrSuccess() {
            String complaint = null;
            for (int i = 0; i < calls.size() && complaint == null; i++) {
                complaint = calls.get(i).complaint();
            }
            boolean isWriteAwaited = answeredAtNanos - writeRefusedAtNanos <= WRITE_REFUSAL_NANOS;
            if (complaint == null && !isWriteAwaited) {
                ConfirmedCalls.this.connection.succeeded();
                return;
            }
            boolean hasWrites = calls.stream().anyMatch(ScriptCall::writes);
            if (complaint != null) {
                writeRefusedAtNanos = hasWrites ? answeredAtNanos : writeRefusedAtNanos;
                ConfirmedCalls.this.connection.refused(complaint);
            } else if (hasWrites) {
                writeRefusedAtNanos = answeredAtNanos - 2 * WRITE_REFUSAL_NANOS;
                ConfirmedCalls.this.connection.succeeded();
            }
        }
    }
}
