package org.savedstring.store.valkey;

import io.lettuce.core.RedisURI;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes that are known: those in the settings, and those that the cluster had when it was last asked. The one that
 * failed longest ago, or never, is asked first; among equals, the last primary.
 */
final class Nodes {

    private final List<RedisURI> seeds;
    private final Map<String, Long> failedAtNanos = new ConcurrentHashMap<>();
    private final long startNanos = System.nanoTime();
    private volatile List<RedisURI> known;
    private volatile String primary = "";

    Nodes(List<RedisURI> seeds) {
        this.seeds = seeds;
        this.known = seeds;
    }

    static String key(RedisURI node) {
        return node.getHost() + ":" + node.getPort();
    }

    RedisURI next() {
        return known.stream()
                .min(Comparator.comparingLong((RedisURI node) -> failedAtNanos.getOrDefault(key(node), 0L))
                        .thenComparing(node -> !key(node).equals(primary)))
                .orElseThrow();
    }

    void failed(String node) {
        failedAtNanos.put(node, System.nanoTime() - startNanos + 1);
    }

    void succeeded(String node) {
        failedAtNanos.remove(node);
    }

    /** Adopts what a node said about its cluster, once its primary has been found to be in order. */
    synchronized void learn(ClusterView view) {
        Map<String, RedisURI> all = new LinkedHashMap<>();
        seeds.forEach(seed -> all.put(key(seed), seed));
        view.nodes().forEach(node -> all.putIfAbsent(key(node), node));
        known = List.copyOf(all.values());
        primary = key(view.primary());
        failedAtNanos.keySet().retainAll(all.keySet());
    }
}
