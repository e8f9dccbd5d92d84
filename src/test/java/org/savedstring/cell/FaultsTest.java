package org.savedstring.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.cell.Workload.Load;

/**
 * Whatever fails: no acknowledged write is lost, nobody sees an older version than one that somebody saw or was told of,
 * and no GET takes longer than a second to say that there is nothing to be had.
 */
@Tag("cell")
@ExtendWith(SharedCell.class)
class FaultsTest {

    private static final Duration STEADY = Prove.time(Duration.ofMillis(500), Duration.ofSeconds(5));
    private static final Duration OUTAGE = Prove.time(Duration.ofSeconds(2), Duration.ofSeconds(10));

    /** How long the control plane takes here to notice that the primary is gone. */
    private static final Duration UNNOTICED = Duration.ofSeconds(1);

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Load LOAD = new Load(3, 1, Duration.ofMillis(5));
    private static final int CONNECTIONS_PER_SECOND_MAX = 50;

    /** Does the fault, lets the load go on in it and ends it; returns the time when it was over. */
    private interface Fault {
        long happen(Workload load) throws IOException;
    }

    private final Cell cell;

    FaultsTest(Cell cell) {
        this.cell = cell;
    }

    @BeforeEach
    @AfterEach
    void everythingIsWell() {
        cell.instances().forEach(cell::reconnect);
        cell.valkey().heal();
        cell.instances().stream().filter(instance -> !instance.isAlive()).forEach(ServiceInstance::restart);
        cell.instances().forEach(ServiceInstance::awaitReady);
        cell.instances().forEach(cell.loadBalancer()::awaitHealthy);
        cell.awaitServing();
    }

    @Test
    void instanceKilled() {
        WorkloadReport report = prove("an instance killed, and started again", load -> {
            ServiceInstance instance = cell.instances().getFirst();
            instance.kill();
            cell.loadBalancer().awaitUnhealthy(instance);
            load.goOnFor(STEADY);
            instance.restart();
            instance.awaitReady();
            return System.nanoTime();
        });
        assertThat(report.backAfter(report.startedNanos())).isLessThan(ONE_SECOND);
    }

    @Test
    void replicaKilled() {
        WorkloadReport report = proveAnswered("a replica killed, and started again", load -> {
            cell.valkey().replicas().getFirst().kill();
            load.goOnFor(OUTAGE);
            cell.valkey().heal();
            return System.nanoTime();
        });
        assertThat(report.failures()).as("reads and writes go on").isEmpty();
    }

    @Test
    void primaryKilledAndReplicaPromoted() {
        proveAnswered("the primary killed, a replica promoted after 1 s", load -> {
            cell.valkey().primary().kill();
            load.goOnFor(UNNOTICED);
            cell.valkey().promoteMostUpToDateReplica();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    void primaryKilledAfterItsReplicasWereFrozen() {
        proveAnswered("the replicas frozen for 1 s, the primary killed, a replica promoted", load -> {
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
    void plannedFailover() {
        proveAnswered("a planned failover", load -> {
            cell.valkey().plannedFailover();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    void primaryFrozenAndWokenAsAStalePrimary() {
        proveAnswered("the primary frozen, a replica promoted after 1 s, the stale primary woken", load -> {
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
    void primaryFrozenForAMomentOnly() {
        proveAnswered("the primary frozen for 2 s, nobody promoted", load -> {
            ValkeyServer primary = cell.valkey().primary();
            primary.pause();
            load.goOnFor(Duration.ofSeconds(2));
            primary.resume();
            cell.valkey().awaitConfirmedByReplicas(1);
            return System.nanoTime();
        });
    }

    @Test
    void instanceCutOffFromValkey() {
        proveAnswered("an instance cut off from Valkey", load -> {
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
    void instanceCutOffFromValkeyWhileAReplicaIsPromoted() {
        proveAnswered("an instance cut off from Valkey while a replica is promoted", load -> {
            ServiceInstance instance = cell.instances().getLast();
            cell.cutOff(instance);
            cell.valkey().plannedFailover();
            load.goOnFor(OUTAGE);
            cell.reconnect(instance);
            return System.nanoTime();
        });
    }

    @Test
    void allOfValkeyGoneAndBack() {
        List<Long> before = connections();
        WorkloadReport report = proveAnswered("all of Valkey killed, and started again", load -> {
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

    private WorkloadReport prove(String name, Fault fault) {
        WorkloadReport report;
        long over;
        try (var load = Workload.start(cell, LOAD)) {
            load.goOnFor(STEADY);
            over = fault.happen(load);
            load.goOnFor(STEADY.plus(ONE_SECOND));
            report = load.stop();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        cell.valkey().heal();
        long lost = report.lost(cell.keptVersions(report.initial().version()));
        FaultTable.note(name, report, lost, report.backAfter(over));

        String seen = report.failures().toString();
        assertThat(report.verdict().violations())
                .as(report.verdict().toString())
                .isEmpty();
        assertThat(lost).as("lost writes").isZero();
        assertThat(report.backAfter(over)).as("works again: " + seen).isLessThan(ONE_SECOND);
        return report;
    }

    /** As {@link #prove}, where no instance dies: then each GET has its answer, the right one or a 503. */
    private WorkloadReport proveAnswered(String name, Fault fault) {
        WorkloadReport report = prove(name, fault);
        assertThat(report.slowestRead()).as("slowest GET").isLessThan(ONE_SECOND);
        assertThat(report.failures().keySet())
                .filteredOn(failure -> failure.startsWith("GET"))
                .allMatch(failure -> failure.contains(": 503 "));
        return report;
    }
}
