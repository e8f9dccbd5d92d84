package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.Workload.Target;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;
import org.savedstring.machine.LoadBalancer;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.ValkeyServer;

/**
 * An instance that alone is cut off from the store stays healthy, since it can't know that it is alone: what visitors get
 * through a load balancer that looks at health only, and through one that looks at the answers, too.
 */
@Tag("cell")
@LongRunOnly
@ExtendWith(SharedCell.class)
class SteeringTest {

    private static final Load LOAD = new Load(6, 1, Duration.ofMillis(5));
    private static final Duration OUTAGE = Duration.ofSeconds(10);

    /** Requests that were under way at the end. */
    private static final double MEASURED_EARLY = 0.05;

    private final Cell cell;

    SteeringTest(Cell cell) {
        this.cell = cell;
    }

    @AfterEach
    void heal() {
        cell.instances().forEach(cell::reconnect);
        new FaultProof(cell).heal();
    }

    @Test
    void loadBalancerThatLooksAtAnswersSpareVisitorsAnInstanceThatAloneIsCutOff() {
        double healthOnly = failedShare("an instance cut off from Valkey, as visitors see it", cell.loadBalancer());
        try (var steering = LoadBalancer.startSteering(cell.instances())) {
            double answersToo =
                    failedShare("the same, behind a load balancer that steers away from what answers errors", steering);
            assertThat(answersToo).isLessThan(healthOnly / 2);
        }
    }

    /** With two nobody can tell which is the odd one out. Either may be asked, and the other goes on. */
    @Test
    void ofTwoInstancesTheOneThatIsNotCutOffGoesOn() {
        try (var two = LoadBalancer.start(
                List.of(cell.instances().getFirst(), cell.instances().getLast()))) {
            assertThat(failedShare("one of two instances cut off from Valkey, as visitors see it", two))
                    .isBetween(0.0, 0.5 + MEASURED_EARLY);
        }
    }

    @Test
    void deadStoreLeavesEveryInstanceInUse() {
        try (var steering = LoadBalancer.startSteering(cell.instances());
                var load = Workload.start(cell, List.of(new Target("steering", steering.address())), LOAD)) {
            cell.valkey().nodes().forEach(ValkeyServer::kill);
            load.goOnFor(OUTAGE);
            assertThat(cell.instances()).allMatch(ServiceInstance::isReady);
            WorkloadReport report = load.stop();
            assertThat(report.failures().keySet())
                    .allMatch(failure -> failure.contains("urn:saved-string:problem:"), "from an instance");
        }
    }

    private double failedShare(String fault, LoadBalancer loadBalancer) {
        ServiceInstance alone = cell.instances().getLast();
        var target = new Target("load-balancer", loadBalancer.address());
        try (var load = Workload.start(cell, List.of(target), LOAD)) {
            cell.cutOff(alone);
            long began = System.nanoTime();
            load.goOnFor(OUTAGE);
            WorkloadReport report = load.stop();
            Duration lasted = Duration.ofNanos(System.nanoTime() - began);
            cell.reconnect(alone);
            cell.awaitServing();
            FaultTable.note(fault, report, FaultTable.Lost.NONE, lasted, Duration.ZERO);
            return (double) report.failed() / report.attempts().size();
        }
    }
}
