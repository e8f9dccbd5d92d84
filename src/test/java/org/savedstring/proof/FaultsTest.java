package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.ValkeyServer;

/**
 * Whatever fails: no acknowledged write is lost, nobody sees an older version than one that somebody saw or was told of,
 * and no GET takes longer than a second to say that nothing is available.
 */
@Tag("cell")
@ExtendWith(SharedCell.class)
class FaultsTest extends FaultyCell {

    private static final Duration OUTAGE = Prove.time(Duration.ofSeconds(2), Duration.ofSeconds(10));

    /** How long the control plane takes here to notice that the primary is gone. */
    private static final Duration UNNOTICED = Duration.ofSeconds(1);

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final int CONNECTIONS_PER_SECOND_MAX = 50;
    private static final int REQUESTS = 50_000;
    private static final int FAILOVERS = 5;
    private static final Duration REQUESTS_MAX = Duration.ofMinutes(10);

    FaultsTest(Cell cell) {
        super(cell);
    }

    @Test
    @LongRunOnly
    void instanceKilled() {
        WorkloadReport report = proof.prove("an instance killed, and started again", load -> {
            ServiceInstance instance = cell.instances().getFirst();
            instance.kill();
            cell.loadBalancer().awaitUnhealthy(instance);
            load.goOnFor(FaultProof.STEADY);
            instance.restart();
            instance.awaitReady();
            return System.nanoTime();
        });
        assertThat(report.backAfterUndisturbed(report.startedNanos())).isLessThan(ONE_SECOND);
    }

    @Test
    @LongRunOnly
    void replicaKilled() {
        WorkloadReport report = proof.proveAnswered("a replica killed, and started again", load -> {
            cell.valkey().replicas().getFirst().kill();
            load.goOnFor(OUTAGE);
            cell.valkey().heal();
            return System.nanoTime();
        });
        assertThat(report.ownFailures()).as("reads and writes go on").isEmpty();
    }

    @Test
    void primaryKilledAndReplicaPromoted() {
        proof.proveAnswered("the primary killed, a replica promoted after 1 s", load -> {
            cell.valkey().primary().kill();
            load.goOnFor(UNNOTICED);
            cell.valkey().promoteMostUpToDateReplica();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void primaryKilledAfterItsReplicasWereFrozen() {
        proof.proveAnswered("the replicas frozen for 1 s, the primary killed, a replica promoted", load -> {
            List<ValkeyServer> replicas = cell.valkey().replicas();
            replicas.forEach(ValkeyServer::pause);
            load.goOnFor(ONE_SECOND);
            cell.valkey().primary().kill();
            replicas.forEach(ValkeyServer::resume);
            cell.valkey().promoteMostUpToDateReplica();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void plannedFailoversCostNobodyAnything() {
        WorkloadReport report = proof.proveAnswered("five planned failovers", load -> {
            for (int i = 0; i < FAILOVERS; i++) {
                cell.valkey().plannedFailover();
                cell.valkey().awaitConfirmedByReplicas(2);
                load.awaitRequests(REQUESTS / FAILOVERS, REQUESTS_MAX);
            }
            return System.nanoTime();
        });
        assertThat(report.attempts()).hasSizeGreaterThanOrEqualTo(REQUESTS);
        assertThat(report.ownFailures()).as(cell.logs()).isEmpty();
    }

    @Test
    void primaryFrozenAndWokenAsAStalePrimary() {
        proof.proveAnswered("the primary frozen, a replica promoted after 1 s, the stale primary woken", load -> {
            ValkeyServer stale = cell.valkey().primary();
            stale.pause();
            load.goOnFor(UNNOTICED);
            cell.valkey().promoteMostUpToDateReplica();
            cell.valkey().awaitConfirmedByReplicas(1);
            final long promoted = System.nanoTime();
            load.goOnFor(OUTAGE);
            stale.resume();
            return promoted;
        });
    }

    @Test
    @LongRunOnly
    void primaryFrozenForAMomentOnly() {
        proof.proveAnswered("the primary frozen for 2 s, nobody promoted", load -> {
            ValkeyServer primary = cell.valkey().primary();
            primary.pause();
            load.goOnFor(Duration.ofSeconds(2));
            primary.resume();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void instanceCutOffFromValkey() {
        proof.proveAnswered("an instance cut off from Valkey, with pages open on it", load -> {
            ServiceInstance instance = cell.instances().getLast();
            cell.cutOff(instance);
            load.goOnFor(OUTAGE);
            assertThat(instance.isReady())
                    .as("a dead store is no reason to replace it")
                    .isTrue();
            cell.reconnect(instance);
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void instanceCutOffFromValkeyWhileAReplicaIsPromoted() {
        proof.proveAnswered("an instance cut off from Valkey while a replica is promoted", load -> {
            ServiceInstance instance = cell.instances().getLast();
            cell.cutOff(instance);
            cell.valkey().plannedFailover();
            load.goOnFor(OUTAGE);
            cell.reconnect(instance);
            return System.nanoTime();
        });
    }

    @Test
    void connectionsSilentlyDropped() {
        proof.proveAnswered("the connections of an instance to Valkey dropped without a word", load -> {
            cell.forgetConnections(cell.instances().getLast());
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void loadBalancerFrozen() {
        proof.prove("the load balancer frozen", load -> {
            cell.loadBalancer().pause();
            load.goOnFor(OUTAGE);
            cell.loadBalancer().resume();
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void allInstancesRestarted() {
        proof.prove("all three instances killed together, and started again", load -> {
            cell.instances().forEach(ServiceInstance::kill);
            cell.instances().forEach(ServiceInstance::restart);
            cell.instances().forEach(ServiceInstance::awaitReady);
            cell.instances().forEach(cell.loadBalancer()::awaitHealthy);
            return System.nanoTime();
        });
    }

    @Test
    @LongRunOnly
    void allOfValkeyGoneAndBack() {
        List<Long> before = connections();
        WorkloadReport report = proof.proveAnswered("all of Valkey killed, and started again", load -> {
            cell.valkey().nodes().forEach(ValkeyServer::kill);
            load.goOnFor(OUTAGE);
            assertThat(cell.instances()).allMatch(ServiceInstance::isReady);
            cell.valkey().heal();
            return System.nanoTime();
        });
        long seconds =
                Duration.ofNanos(report.endedNanos() - report.startedNanos()).toSeconds() + 1;
        List<Long> after = connections();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i) - before.get(i))
                    .as("connections made in %d s", seconds)
                    .isLessThan(CONNECTIONS_PER_SECOND_MAX * seconds);
        }
    }

    private List<Long> connections() {
        return cell.instances().stream().map(cell::connectionsToValkey).toList();
    }
}
