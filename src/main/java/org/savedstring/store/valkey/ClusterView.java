package org.savedstring.store.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says about its cluster.
 *
 * @param primary the one that holds the string
 */
record ClusterView(RedisURI primary, List<RedisURI> nodes) {

    private static final int SLOT = SlotHash.getSlot(ValkeyStringStore.STREAM);

    /** Whether a server that isn't part of a cluster answers like this. */
    static boolean isSingleServer(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains("cluster support disabled");
    }

    /**
     * Reads the answer to {@code CLUSTER SLOTS}.
     *
     * @throws PrimaryLocator.Failed if no node holds the string
     */
    static ClusterView of(List<Object> slots, RedisURI asked) {
        List<RedisURI> known = new ArrayList<>();
        RedisURI primary = null;
        for (Object entry : slots) {
            List<?> range = (List<?>) entry;
            List<RedisURI> owners = range.stream()
                    .skip(2)
                    .map(node -> toUri((List<?>) node, asked))
                    .toList();
            known.addAll(owners);
            if ((Long) range.get(0) <= SLOT && SLOT <= (Long) range.get(1)) {
                primary = owners.getFirst();
            }
        }
        if (primary == null) {
            throw new PrimaryLocator.Failed(Nodes.key(asked), Advice.NO_OWNER.example());
        }
        return new ClusterView(primary, known);
    }

    /** A node that doesn't know its own address leaves it empty: it is the one that was asked. */
    private static RedisURI toUri(List<?> node, RedisURI asked) {
        @Nullable Object host = node.get(0);
        RedisURI.Builder builder = RedisURI.builder(asked).withPort(((Long) node.get(1)).intValue());
        return host == null || host.toString().isEmpty() || host.equals("?")
                ? builder.build()
                : builder.withHost(host.toString()).build();
    }
}
