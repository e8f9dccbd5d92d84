package org.savedstring.store.valkey;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks every second, and as soon as a connection is lost, what no request is asking at the moment: whether idle
 * connections still lead to the primary, whether the store has what was confirmed, and which nodes there are now. So a
 * failover, a dead connection and a loss are known before a request runs into them.
 */
final class Watch {

    private static final long EVERY_MS = 1_000;
    private static final long NUDGE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<ConfirmedCalls> all;
    private final ConfirmedCalls pages;
    private final StreamCalls stream;
    private final Nodes nodes;
    private final Troubles troubles;
    private volatile int replicasUp;
    private volatile boolean isSingle;
    private long nudgedAtNanos = System.nanoTime() - NUDGE_EVERY_NANOS;

    Watch(List<ConfirmedCalls> all, ConfirmedCalls pages, StreamCalls stream, Nodes nodes, Troubles troubles) {
        this.all = all;
        this.pages = pages;
        this.stream = stream;
        this.nodes = nodes;
        this.troubles = troubles;
    }

    void start() {
        pages.connection().loop().run(this::look);
    }

    /** How many replicas the primary had at the last look. */
    int replicasUp() {
        return replicasUp;
    }

    /** Asks over every idle connection whether it still leads to the primary. */
    void probeAll() {
        all.forEach(calls -> probe(calls, 0));
    }

    /**
     * Makes the primary send its replicas something, at most ten times a second. Valkey leaves Nagle's algorithm on where
     * a replica confirms: if it has just told its offset unasked, as it does every second, its kernel holds the
     * confirmation back until the primary's acknowledges the former, by itself after 40 ms, or else with any packet. A
     * write that asks for no confirmation is one, and leaves nothing to hold back.
     */
    void nudge() {
        pages.connection().loop().run(() -> {
            StatefulRedisConnection<String, String> current = pages.connection().current();
            long now = System.nanoTime();
            if (current != null && now - nudgedAtNanos >= NUDGE_EVERY_NANOS) {
                nudgedAtNanos = now;
                current.async().set(ValkeyStringStore.FENCE, "");
                current.flushCommands();
            }
        });
    }

    private void look() {
        if (pages.connection().isClosed()) {
            return;
        }
        troubles.remind();
        all.forEach(calls -> probe(calls, TimeUnit.MILLISECONDS.toNanos(EVERY_MS / 2)));
        StatefulRedisConnection<String, String> current = pages.connection().current();
        RedisURI node = pages.connection().uri();
        if (current != null && node != null) {
            askForNodes(current, node);
        }
        pages.connection().loop().eventLoop().schedule(this::look, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void probe(ConfirmedCalls calls, long idleNanos) {
        calls.connection().loop().run(() -> {
            if (calls.isIdle(idleNanos)) {
                calls.submit(stream.read());
            }
        });
    }

    private void askForNodes(StatefulRedisConnection<String, String> connection, RedisURI node) {
        RedisAsyncCommands<String, String> commands = connection.async();
        commands.role().thenAccept(this::countReplicas);
        if (!isSingle) {
            commands.clusterSlots().whenComplete((slots, failure) -> learn(slots, failure, node));
        }
        connection.flushCommands();
    }

    private void countReplicas(List<Object> role) {
        replicasUp = role.size() > 2 && role.get(2) instanceof List<?> replicas ? replicas.size() : 0;
    }

    private void learn(@Nullable List<Object> slots, @Nullable Throwable failure, RedisURI node) {
        if (failure != null) {
            isSingle = ClusterView.isSingleServer(failure);
        } else if (slots != null) {
            nodes.learn(ClusterView.of(slots, node));
        }
    }
}
