package org.savedstring.store.valkey;

import io.lettuce.core.RedisURI;
import java.net.InetAddress;
import java.time.Duration;
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

    private static final int PATIENCE_MAX = 4;

    /** Whatever order a DNS server answers in. */
    private static final Comparator<InetAddress> ORDER = Comparator.<InetAddress>comparingInt(
                    address -> address.getAddress().length)
            .thenComparing(InetAddress::getHostAddress);

    private final List<RedisURI> seeds;
    private final Map<String, Failing> failing = new ConcurrentHashMap<>();
    private final Map<String, Integer> failuresAtHost = new ConcurrentHashMap<>();
    private final long startNanos = System.nanoTime();
    private volatile List<RedisURI> known;
    private volatile String primary = "";

    /** Since when a node has been failing, and when it last failed, counted from the start of this process. */
    private record Failing(long sinceNanos, long lastNanos) {}

    Nodes(List<RedisURI> seeds) {
        this.seeds = seeds;
        this.known = seeds;
    }

    static String key(RedisURI node) {
        return node.getHost() + ":" + node.getPort();
    }

    RedisURI next() {
        return known.stream()
                .min(Comparator.comparingLong(this::lastFailedNanos)
                        .thenComparing(node -> !key(node).equals(primary)))
                .orElseThrow();
    }

    void failed(String node) {
        long now = System.nanoTime() - startNanos + 1;
        failuresAtHost.merge(host(node), 1, Integer::sum);
        failing.merge(node, new Failing(now, now), (before, last) -> new Failing(before.sinceNanos, last.lastNanos));
    }

    /** Of all addresses of a name the one that was used last, or the next if something failed there since. */
    InetAddress addressToTry(String host, List<InetAddress> all) {
        int turn = Math.floorMod(failuresAtHost.getOrDefault(host, 0), all.size());
        return all.stream().sorted(ORDER).skip(turn).findFirst().orElseThrow();
    }

    /**
     * How long making a connection may take. A node that has been failing for some time gets up to four times as long:
     * one that is merely slow, because many sign in at once or it lacks CPU, would otherwise never finish.
     */
    Duration patience(RedisURI node, Duration least) {
        Failing failed = failing.get(key(node));
        long nanos = failed == null ? 0 : (failed.lastNanos - failed.sinceNanos) / PATIENCE_MAX;
        return Duration.ofNanos(Math.clamp(nanos, least.toNanos(), PATIENCE_MAX * least.toNanos()));
    }

    void succeeded(String node) {
        failing.remove(node);
        // The others were asked for the way to this one too.
        failing.replaceAll((other, failed) -> new Failing(failed.lastNanos, failed.lastNanos));
    }

    /** Adopts what a node said about its cluster, once its primary has been found to be in order. */
    synchronized void learn(ClusterView view) {
        Map<String, RedisURI> all = new LinkedHashMap<>();
        seeds.forEach(seed -> all.put(key(seed), seed));
        view.nodes().forEach(node -> all.putIfAbsent(key(node), node));
        known = List.copyOf(all.values());
        primary = key(view.primary());
        failing.keySet().retainAll(all.keySet());
        failuresAtHost.keySet().retainAll(all.keySet().stream().map(Nodes::host).toList());
    }

    private static String host(String node) {
        return node.substring(0, node.lastIndexOf(':'));
    }

    private long lastFailedNanos(RedisURI node) {
        Failing failed = failing.get(key(node));
        return failed == null ? 0 : failed.lastNanos;
    }
}
