package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Workload;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;

@Tag("cell")
@ExtendWith(SharedCell.class)
class LinearizableTest {

    private static final int OPERATIONS = Prove.count(10_000, 500_000);
    private static final Duration RUN_MAX = Duration.ofMinutes(30);

    @Test
    void everybodySeesTheSameStringThroughTheLoadBalancerAndStraightAtEachInstance(Cell cell) {
        WorkloadReport report;
        try (var workload = Workload.start(cell, new Workload.Load(6, 2, Duration.ZERO))) {
            workload.awaitRequests(OPERATIONS, RUN_MAX);
            report = workload.stop();
        }
        assertThat(report.ownFailures()).as(cell.logs()).isEmpty();
        assertThat(report.verdict().violations())
                .as(report.verdict().toString())
                .isEmpty();
        assertThat(report.acknowledged()).isGreaterThan(OPERATIONS / 100);
        FaultTable.note(
                "none",
                report,
                new FaultTable.Lost(
                        0, report.lost(cell.keptVersions(report.initial().version()), Set.of())),
                Duration.ZERO,
                Duration.ZERO);
    }
}
