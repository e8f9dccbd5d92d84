package org.savedstring.store.valkey;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary that holds the string and connects to it. It asks the nodes it knows in turn, so that neither a dead
 * node nor one with an old view keeps it from finding the new primary for long.
 */
final class PrimaryLocator {

    private static final String PRIMARY_ROLE = "master";

    private final RedisClient client;
    private final RedisCredentialsProvider credentials;
    private final List<RedisURI> seeds;
    private volatile List<RedisURI> nodes;
    private int next = ThreadLocalRandom.current().nextInt(1_000);

    /**
     * @param credentials empty if nobody signs in
     */
    PrimaryLocator(RedisClient client, RedisCredentialsProvider credentials, List<RedisURI> seeds) {
        this.client = client;
        this.credentials = credentials;
        this.seeds = seeds;
        this.nodes = seeds;
    }

    /**
     * Connects to the primary and makes the scripts known to it. Not called again before the stage is complete.
     *
     * @return the connection, or why there is none
     */
    CompletionStage<StatefulRedisConnection<String, String>> connect() {
        next = Math.floorMod(next + 1, nodes.size());
        RedisURI node = nodes.get(next);
        return connectTo(node).thenCompose(connection -> closeUnlessUsed(connection, toPrimary(connection, node)));
    }

    /** Lettuce would wait for the credentials in the event loop, and lose a failure there. */
    private CompletionStage<StatefulRedisConnection<String, String>> connectTo(RedisURI node) {
        return credentials
                .resolveCredentials()
                .toFuture()
                .thenCompose(resolved -> client.connectAsync(StringCodec.UTF8, withCredentials(node, resolved)));
    }

    private static RedisURI withCredentials(RedisURI node, @Nullable RedisCredentials resolved) {
        return resolved == null
                ? node
                : RedisURI.builder(node)
                        .withAuthentication(new StaticCredentialsProvider(resolved))
                        .build();
    }

    private CompletionStage<StatefulRedisConnection<String, String>> toPrimary(
            StatefulRedisConnection<String, String> connection, RedisURI node) {
        return connection
                .async()
                .clusterSlots()
                .handle((slots, failure) -> failure == null
                        ? primaryOf(slots, node)
                        : CompletableFuture.completedFuture(singleServer(failure, node)))
                .thenCompose(found -> found)
                .thenCompose(primary -> isSame(primary, node)
                        ? ready(connection)
                        : connectTo(primary).thenCompose(other -> closeUnlessUsed(other, ready(other))));
    }

    /** A server that isn't part of a cluster says so; it is the primary itself, or {@link #ready} refuses it. */
    private static RedisURI singleServer(Throwable failure, RedisURI node) {
        if (failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains("cluster support disabled")) {
            return node;
        }
        throw new CompletionException(failure);
    }

    private CompletionStage<RedisURI> primaryOf(List<Object> slots, RedisURI asked) {
        Map<String, RedisURI> known = new LinkedHashMap<>();
        seeds.forEach(seed -> known.put(key(seed), seed));
        RedisURI primary = null;
        int slot = SlotHash.getSlot(ValkeyStringStore.STREAM);
        for (Object entry : slots) {
            List<?> range = (List<?>) entry;
            List<RedisURI> owners = range.stream()
                    .skip(2)
                    .map(node -> toUri((List<?>) node, asked))
                    .toList();
            owners.forEach(owner -> known.put(key(owner), owner));
            if ((Long) range.get(0) <= slot && slot <= (Long) range.get(1)) {
                primary = owners.getFirst();
            }
        }
        nodes = List.copyOf(known.values());
        return primary != null
                ? CompletableFuture.completedFuture(primary)
                : CompletableFuture.failedFuture(
                        new IllegalStateException("no node of the cluster owns slot " + slot + " of the string"));
    }

    /** A node that doesn't know its own address leaves it empty: then it is the one that was asked. */
    private static RedisURI toUri(List<?> node, RedisURI asked) {
        Object host = node.get(0);
        RedisURI.Builder builder = RedisURI.builder(asked).withPort(((Long) node.get(1)).intValue());
        return host == null || host.toString().isEmpty() || host.equals("?")
                ? builder.build()
                : builder.withHost(host.toString()).build();
    }

    private static CompletionStage<StatefulRedisConnection<String, String>> ready(
            StatefulRedisConnection<String, String> connection) {
        return connection
                .async()
                .role()
                .thenCompose(role -> role.getFirst().equals(PRIMARY_ROLE)
                        ? loadScripts(connection)
                        : CompletableFuture.failedFuture(
                                new IllegalStateException("the server is a replica: give the primary's address")))
                .thenApply(loaded -> connection);
    }

    private static CompletionStage<?> loadScripts(StatefulRedisConnection<String, String> connection) {
        CompletionStage<?> loaded = CompletableFuture.completedFuture(null);
        for (Script script : Script.values()) {
            loaded = loaded.thenCombine(connection.async().scriptLoad(script.source()), (before, digest) -> digest);
        }
        return loaded;
    }

    private static CompletionStage<StatefulRedisConnection<String, String>> closeUnlessUsed(
            StatefulRedisConnection<String, String> connection,
            CompletionStage<StatefulRedisConnection<String, String>> result) {
        return result.whenComplete((used, failure) -> {
            if (used != connection) {
                connection.closeAsync();
            }
        });
    }

    private static boolean isSame(RedisURI one, RedisURI other) {
        return key(one).equals(key(other));
    }

    private static String key(RedisURI node) {
        return node.getHost() + ":" + node.getPort();
    }
}
