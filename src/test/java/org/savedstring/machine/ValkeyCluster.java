package org.savedstring.machine;

import static java.util.Comparator.comparingLong;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Valkey in cluster mode with one shard, a primary and two replicas, as ElastiCache runs it. With one shard no majority of
 * primaries could elect a new one; there the control plane promotes, here the test does.
 *
 * <p>The nodes announce only their ports, so that each client looks for them all at the host where it found the first, and
 * can have its own way to them.
 */
public final class ValkeyCluster implements AutoCloseable {

    private static final int NODES = 3;
    private static final String NODE_TIMEOUT_MS = "5000";

    /** Nodes tell each other what they know as often as they look after each other. */
    private static final String FORMING_NODE_TIMEOUT_MS = "300";

    private static final Duration CHANGE_MAX = Duration.ofMinutes(2);
    private static final Duration CONFIRMATION_MAX = Duration.ofMillis(100);

    private static final Pattern REPLICA_OFFSET = Pattern.compile("slave_repl_offset:(\\d+)");

    private final List<ValkeyServer> nodes;
    private ValkeyServer primary;

    private ValkeyCluster(List<ValkeyServer> nodes) {
        this.nodes = new ArrayList<>(nodes);
        this.primary = nodes.getFirst();
    }

    /** Starts the cluster and waits until a write is confirmed by both replicas. Options go to every node. */
    public static ValkeyCluster start(String... options) {
        return start(Map.of(), options);
    }

    public static ValkeyCluster start(Map<String, String> environment, String... options) {
        var cluster = new ValkeyCluster(Stream.generate(() -> ValkeyServer.start(environment, nodeOptions(options)))
                .limit(NODES)
                .toList());
        try {
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static String[] nodeOptions(String... options) {
        var all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-port", String.valueOf(Ports.free())));
        all.addAll(List.of("--cluster-node-timeout", FORMING_NODE_TIMEOUT_MS));
        all.addAll(List.of("--cluster-preferred-endpoint-type", "unknown-endpoint"));
        all.addAll(List.of("--min-replicas-to-write", "1", "--min-replicas-max-lag", "2"));
        // What a killed process had written is kept by the kernel; a busy disk must not hold up the server.
        all.addAll(List.of("--appendonly", "yes", "--appendfsync", "no"));
        all.addAll(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    public List<ValkeyServer> nodes() {
        return nodes;
    }

    public ValkeyServer primary() {
        return primary;
    }

    public List<ValkeyServer> replicas() {
        return nodes.stream().filter(node -> node != primary).toList();
    }

    /** What ElastiCache does when the primary is gone: the replica that knows most takes over without a vote. */
    public ValkeyServer promoteMostUpToDateReplica() {
        ValkeyServer chosen = replicas().stream()
                .filter(ValkeyServer::isAlive)
                .max(comparingLong(ValkeyCluster::replicaOffset))
                .orElseThrow();
        chosen.command("CLUSTER", "FAILOVER", "TAKEOVER");
        becomePrimary(chosen);
        return chosen;
    }

    /** What ElastiCache does before it replaces a healthy primary: nothing is lost and the old one is told. */
    public ValkeyServer plannedFailover() {
        ValkeyServer chosen = replicas().getFirst();
        chosen.command("CLUSTER", "FAILOVER");
        becomePrimary(chosen);
        return chosen;
    }

    /** What ElastiCache does with replicas that are due: new ones join and the old ones go, while the primary serves. */
    public void replaceReplicas(String... options) {
        List<ValkeyServer> old = replicas();
        List<ValkeyServer> joining = Stream.generate(() -> ValkeyServer.start(nodeOptions(options)))
                .limit(old.size())
                .toList();
        nodes.addAll(joining);
        for (ValkeyServer node : joining) {
            primary.command("CLUSTER", "MEET", node.host(), text(node.port()), text(clusterPort(node)));
        }
        joining.forEach(this::follow);
        awaitConfirmedByReplicas(old.size() * 2);
        for (ValkeyServer node : nodes) {
            for (ValkeyServer other : joining) {
                await("everybody", () -> answer(node, "CLUSTER", "SLOTS").contains(text(other.port())));
            }
        }
        for (ValkeyServer leaving : old) {
            String id = String.valueOf(leaving.command("CLUSTER", "MYID"));
            leaving.close();
            nodes.remove(leaving);
            nodes.forEach(node -> node.command("CLUSTER", "FORGET", id));
        }
    }

    /** Starts whatever was killed and waits until the cluster is as good as new. */
    public void heal() {
        nodes.stream().filter(node -> !node.isAlive()).forEach(ValkeyServer::restart);
        awaitConfirmedByReplicas(NODES - 1);
    }

    /** Waits until a write to the primary is confirmed by so many replicas. */
    public void awaitConfirmedByReplicas(int replicas) {
        await("a write confirmed by " + replicas + " replicas", () -> confirmations() >= replicas);
    }

    @Override
    public void close() {
        nodes.forEach(ValkeyServer::close);
    }

    private void form() {
        primary.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        for (ValkeyServer replica : replicas()) {
            primary.command("CLUSTER", "MEET", replica.host(), text(replica.port()), text(clusterPort(replica)));
        }
        replicas().forEach(this::follow);
        awaitConfirmedByReplicas(NODES - 1);
        for (ValkeyServer node : nodes) {
            await("cluster_state:ok", () -> answer(node, "CLUSTER", "INFO").contains("cluster_state:ok"));
            for (ValkeyServer other : nodes) {
                await("everybody", () -> answer(node, "CLUSTER", "SLOTS").contains(text(other.port())));
            }
        }
        nodes.forEach(node -> node.command("CONFIG", "SET", "cluster-node-timeout", NODE_TIMEOUT_MS));
    }

    private void follow(ValkeyServer replica) {
        String primaryId = String.valueOf(primary.command("CLUSTER", "MYID"));
        await("acquaintance", () -> answer(replica, "CLUSTER", "NODES").contains(primaryId));
        await(
                "replication",
                () -> answer(replica, "CLUSTER", "REPLICATE", primaryId).equals("OK"));
    }

    private static int clusterPort(ValkeyServer node) {
        List<?> parameter = (List<?>) Objects.requireNonNull(node.command("CONFIG", "GET", "cluster-port"));
        return Integer.parseInt(String.valueOf(parameter.get(1)));
    }

    private void becomePrimary(ValkeyServer chosen) {
        await("promotion", () -> answer(chosen, "ROLE").startsWith("[master"));
        primary = chosen;
    }

    private long confirmations() {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), primary.port());
        try (var resp = new Resp(address, CHANGE_MAX)) {
            resp.call("SET", "confirmed", "?");
            return (Long) Objects.requireNonNull(
                    resp.call("WAIT", text(nodes.size() - 1), text(Math.toIntExact(CONFIRMATION_MAX.toMillis()))));
        } catch (IOException e) {
            return 0;
        }
    }

    private static long replicaOffset(ValkeyServer replica) {
        Matcher offset = REPLICA_OFFSET.matcher(answer(replica, "INFO", "replication"));
        return offset.find() ? Long.parseLong(offset.group(1)) : -1;
    }

    /** What it answers, or why it doesn't. */
    private static String answer(ValkeyServer node, String... words) {
        try {
            return String.valueOf(node.command(words));
        } catch (UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(CHANGE_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
