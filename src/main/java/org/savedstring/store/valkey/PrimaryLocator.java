package org.savedstring.store.valkey;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary that holds the string and connects to it, for all connections of the instance, one at a time, so
 * that no more than one signs in at once and the others know what one has learnt about the nodes.
 */
final class PrimaryLocator {

    private static final String PRIMARY_ROLE = "master";

    /** For several steps that each have their own limit. */
    private static final int ATTEMPT_TIMEOUTS_MAX = 12;

    private final RedisCredentialsProvider credentials;
    private final Nodes nodes;
    private final StreamCalls stream;
    private final Duration timeout;
    private volatile Runnable onFound = () -> {};
    private volatile Runnable onLost = () -> {};
    private CompletionStage<?> turn = CompletableFuture.completedFuture(null);

    /** A connection to the primary, and that node's address. */
    record Located(StatefulRedisConnection<String, String> connection, RedisURI node) {}

    /** Why there is no connection, and at which node. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String node;
        private final String words;

        Failed(String node, String words) {
            super(words, null, false, false);
            this.node = node;
            this.words = words;
        }

        String node() {
            return node;
        }

        String words() {
            return words;
        }
    }

    /** @param credentials empty for not signing in */
    PrimaryLocator(RedisCredentialsProvider credentials, Nodes nodes, StreamCalls stream, Duration timeout) {
        this.credentials = credentials;
        this.nodes = nodes;
        this.stream = stream;
        this.timeout = timeout;
    }

    /** Calls back each time the primary is found. */
    void onFound(Runnable listener) {
        onFound = listener;
    }

    /** Calls back each time a connection was lost. */
    void onLost(Runnable listener) {
        onLost = listener;
    }

    /** A connection to this node was lost: it shouldn't be the first to be asked next. */
    void lost(String node) {
        nodes.failed(node);
        onLost.run();
    }

    /**
     * Connects to the primary and makes the scripts known to it.
     *
     * @return the connection, or a {@link Failed}
     */
    synchronized CompletionStage<Located> connect(RedisClient client) {
        CompletableFuture<Located> mine = turn.handle((before, failure) -> client)
                .thenCompose(this::attempt)
                .toCompletableFuture();
        turn = mine;
        return mine;
    }

    private CompletionStage<Located> attempt(RedisClient client) {
        RedisURI node = nodes.next();
        CompletableFuture<Located> attempt = connectTo(client, node)
                .thenCompose(connection -> closeUnlessUsed(connection, toPrimary(client, connection, node)))
                .toCompletableFuture();
        // A connection that is made after its attempt has been given up must not stay open.
        return attempt.copy()
                .orTimeout(ATTEMPT_TIMEOUTS_MAX * timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((located, failure) -> {
                    if (failure == null) {
                        nodes.succeeded(Nodes.key(located.node()));
                        onFound.run();
                    } else {
                        nodes.failed(Nodes.key(node));
                        attempt.thenAccept(late -> late.connection().closeAsync());
                    }
                })
                .exceptionally(failure -> {
                    throw failed(Nodes.key(node), failure);
                });
    }

    /** What to say of a failure. */
    Failed failed(String node, @Nullable Throwable failure) {
        Throwable root = failure;
        while (root != null && root.getCause() != null && !(root instanceof Failed)) {
            root = root.getCause();
        }
        if (root instanceof Failed known) {
            return known;
        }
        if (root instanceof TimeoutException) {
            return new Failed(node, "no answer within " + timeout.toMillis() + " ms");
        }
        if (root instanceof ClosedChannelException) {
            return new Failed(node, Advice.CLOSED.example());
        }
        return new Failed(node, root == null || root.getMessage() == null ? String.valueOf(root) : root.getMessage());
    }

    /** Lettuce would wait for the credentials in the event loop, and lose a failure there. */
    private CompletionStage<StatefulRedisConnection<String, String>> connectTo(RedisClient client, RedisURI node) {
        return credentials
                .resolveCredentials()
                .toFuture()
                .thenCompose(resolved -> client.connectAsync(StringCodec.UTF8, toConnectTo(node, resolved)))
                .exceptionally(failure -> {
                    throw failed(Nodes.key(node), failure);
                });
    }

    private RedisURI toConnectTo(RedisURI node, @Nullable RedisCredentials resolved) {
        RedisURI.Builder patient = RedisURI.builder(node).withTimeout(nodes.patience(node, timeout));
        return resolved == null
                ? patient.build()
                : patient.withAuthentication(new StaticCredentialsProvider(resolved))
                        .build();
    }

    private CompletionStage<Located> toPrimary(
            RedisClient client, StatefulRedisConnection<String, String> connection, RedisURI node) {
        return connection
                .async()
                .clusterSlots()
                .toCompletableFuture()
                .orTimeout(patienceMs(node), TimeUnit.MILLISECONDS)
                .handle((slots, failure) -> failure == null ? ClusterView.of(slots, node) : singleServer(failure, node))
                .thenCompose(view -> {
                    RedisURI primary = view.primary();
                    CompletionStage<Located> ready = Nodes.key(primary).equals(Nodes.key(node))
                            ? ready(connection, node)
                            : connectTo(client, primary)
                                    .thenCompose(other -> closeUnlessUsed(other, ready(other, primary)))
                                    .whenComplete((located, failure) -> {
                                        if (failure != null) {
                                            nodes.failed(Nodes.key(primary));
                                        }
                                    });
                    return ready.thenApply(located -> {
                        nodes.learn(view);
                        return located;
                    });
                });
    }

    /** A server that isn't part of a cluster says so; it is the primary itself, or {@link #ready} refuses it. */
    private static ClusterView singleServer(Throwable failure, RedisURI node) {
        if (ClusterView.isSingleServer(failure)) {
            return new ClusterView(node, List.of(node));
        }
        throw new CompletionException(failure);
    }

    private CompletionStage<Located> ready(StatefulRedisConnection<String, String> connection, RedisURI node) {
        String key = Nodes.key(node);
        return connection
                .async()
                .role()
                .thenCompose(role -> role.getFirst().equals(PRIMARY_ROLE)
                        ? loadScripts(connection)
                        : CompletableFuture.failedFuture(new Failed(key, Advice.REPLICA.example())))
                .thenCompose(loaded -> stream.leadsToAnotherStore(connection.async()))
                .toCompletableFuture()
                .orTimeout(patienceMs(node), TimeUnit.MILLISECONDS)
                .thenApply(isAnother -> {
                    if (isAnother) {
                        throw new Failed(key, Advice.OTHER_STORE.example());
                    }
                    return new Located(connection, node);
                })
                .exceptionally(failure -> {
                    throw failed(key, failure);
                });
    }

    private long patienceMs(RedisURI node) {
        return nodes.patience(node, timeout).toMillis();
    }

    private CompletionStage<?> loadScripts(StatefulRedisConnection<String, String> connection) {
        CompletionStage<?> loaded = CompletableFuture.completedFuture(null);
        for (Script script : Script.values()) {
            loaded = loaded.thenCombine(
                    connection.async().scriptLoad(script.source(stream.isFenced())), (before, digest) -> digest);
        }
        return loaded;
    }

    private static CompletionStage<Located> closeUnlessUsed(
            StatefulRedisConnection<String, String> connection, CompletionStage<Located> result) {
        return result.whenComplete((used, failure) -> {
            if (used == null || used.connection() != connection) {
                connection.closeAsync();
            }
        });
    }
}
