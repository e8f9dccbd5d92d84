package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Attempt;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.Workload.Target;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.ValkeyCluster;
import org.savedstring.machine.ValkeyServer;

/** The proofs have teeth: an application that is a little wrong doesn't pass them. */
@Tag("cell")
@ExtendWith(SharedCell.class)
class BrokenBuildTest {

    private static final Load LOAD = new Load(3, 1, Duration.ofMillis(5));
    private static final Duration CLAIMED = Duration.ofSeconds(5);
    private static final Duration RUN_MAX = Duration.ofMinutes(5);

    private final Cell cell;

    BrokenBuildTest(Cell cell) {
        this.cell = cell;
    }

    @AfterEach
    void heal() {
        cell.valkey().heal();
        cell.awaitServing();
    }

    @Test
    void answeringFromALocalCacheIsCaught() {
        var program = new ArrayList<>(List.of("-D" + CachingStringStore.BROKEN_BUILD + "=true"));
        program.addAll(ServiceInstance.APPLICATION_WITH_TESTS);
        try (var broken = cell.startInstead(program, Map.of())) {
            broken.awaitReady();
            var targets = List.of(Workload.throughLoadBalancer(cell), new Target("broken", broken.address()));
            assertThat(reportOn(targets).verdict().violations())
                    .anySatisfy(violation -> assertThat(violation.rule()).contains("older version"));
        }
    }

    @Test
    @LongRunOnly
    void sayingThatAPageIsCurrentWithoutAConfirmedReadIsCaught() throws IOException {
        var program = new ArrayList<>(List.of("-D" + ClaimingStringStore.BROKEN_BUILD + "=true"));
        program.addAll(ServiceInstance.APPLICATION_WITH_TESTS);
        ServiceInstance sameWays = cell.instances().getFirst();
        try (var broken = cell.startInstead(program, Map.of())) {
            broken.awaitReady();
            try (var pages = OpenPages.at(broken.address())) {
                pages.awaitVersion(cell.currentVersion());
                cell.cutOff(sameWays);
                try (var load = Workload.start(cell, List.of(Workload.throughLoadBalancer(cell)), LOAD)) {
                    load.awaitRequests(100, RUN_MAX);
                    load.goOnFor(CLAIMED);
                    List<Attempt> attempts = load.stop().attempts();
                    assertThat(pages.verdict(attempts, new TreeMap<>()).violations())
                            .anySatisfy(violation -> assertThat(violation).contains("was said to be current"));
                }
            }
        } finally {
            cell.reconnect(sameWays);
        }
    }

    @Test
    @LongRunOnly
    void answeringBeforeAReplicaConfirmedIsCaught() {
        var settings = Map.of("SAVED_STRING_VALKEY_CONFIRMING_REPLICAS", "0");
        try (var broken = cell.startInstead(ServiceInstance.APPLICATION, settings)) {
            broken.awaitReady();
            WorkloadReport report;
            try (var load = Workload.start(cell, List.of(new Target("broken", broken.address())), LOAD)) {
                losePrimaryWithWhatReplicasDidNotHear(load);
                report = load.stop();
            }
            // That the store says so is no excuse.
            assertThat(report.lost(cell.keptVersions(report.initial().version()), Set.of()))
                    .isPositive();
        }
    }

    /** Kills the replicas too, or else they would find those writes in what the kernel had received for them. */
    private void losePrimaryWithWhatReplicasDidNotHear(Workload load) {
        ValkeyCluster valkey = cell.valkey();
        valkey.replicas().forEach(ValkeyServer::pause);
        load.awaitRequests(100, RUN_MAX);
        valkey.nodes().forEach(ValkeyServer::kill);
        valkey.replicas().forEach(ValkeyServer::restart);
        valkey.promoteMostUpToDateReplica();
        valkey.awaitConfirmedByReplicas(1);
    }

    private WorkloadReport reportOn(List<Target> targets) {
        try (var load = Workload.start(cell, targets, LOAD)) {
            load.awaitRequests(1_000, RUN_MAX);
            return load.stop();
        }
    }
}
