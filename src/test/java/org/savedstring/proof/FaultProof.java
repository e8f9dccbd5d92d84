package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Set;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;
import org.savedstring.machine.ServiceInstance;

/** Lets a fault happen under a steady load and notes what it did in the {@link FaultTable}. */
final class FaultProof {

    /** How long the load goes on before a fault and after it. */
    static final Duration STEADY = Prove.time(Duration.ofMillis(500), Duration.ofSeconds(5));

    /**
     * Of time in which nothing waited for a CPU: the service's own limits add up to less, but what it takes to notice that one
     * is reached is the machine's.
     */
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    /** As long as write.lua waits after a loss. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Load LOAD = new Load(3, 1, Duration.ofMillis(5));

    /** Does the fault, lets the load go on in it and ends it; returns the time when it was over. */
    interface Fault {
        long happen(Workload load) throws IOException;
    }

    private final Cell cell;

    FaultProof(Cell cell) {
        this.cell = cell;
    }

    /** Makes the cell as good as new. */
    void heal() {
        cell.instances().forEach(cell::reconnect);
        cell.valkey().heal();
        cell.instances().stream().filter(instance -> !instance.isAlive()).forEach(ServiceInstance::restart);
        cell.instances().forEach(ServiceInstance::awaitReady);
        cell.instances().forEach(cell.loadBalancer()::awaitHealthy);
        cell.awaitServing();
    }

    /** No write is lost, nobody sees an older version, and a second after the fault everything works again. */
    WorkloadReport prove(String name, Fault fault) {
        return prove(name, fault, ONE_SECOND);
    }

    /** The store loses versions: that is said, and writes go on when each instance has had the time to say what it had seen. */
    WorkloadReport proveLossIsSaid(String name, Fault fault) {
        WorkloadReport report = prove(name, fault, SETTLED.plus(ONE_SECOND));
        assertThat(report.slowestReadUndisturbed()).as("slowest GET").isLessThan(ONE_SECOND);
        assertThat(cell.lostVersions()).isNotEmpty();
        return report;
    }

    private WorkloadReport prove(String name, Fault fault, Duration backMax) {
        WorkloadReport report;
        long began;
        long over;
        StreamVerdict pages;
        Set<Long> saidToBeLost;
        try (var open = OpenPages.of(cell);
                var load = Workload.start(cell, LOAD)) {
            load.goOnFor(STEADY);
            began = System.nanoTime();
            over = fault.happen(load);
            load.awaitEverybodyServedAgain(over);
            load.goOnFor(STEADY);
            report = load.stop();
            cell.valkey().heal();
            open.awaitVersion(cell.currentVersion());
            saidToBeLost = cell.lostVersions();
            report = report.knowing(saidToBeLost);
            pages = open.verdict(
                    report.attempts(), cell.keptVersions(report.initial().version()), saidToBeLost);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        NavigableMap<Long, String> kept = cell.keptVersions(report.initial().version());
        var lost = new FaultTable.Lost(report.saidToBeLost(kept, saidToBeLost), report.lost(kept, saidToBeLost));
        FaultTable.note(
                name, report, lost, Duration.ofNanos(over - began), report.backAfter(over), pages.longestStaleClaim());

        String seen = report.failures().toString();
        assertThat(report.verdict().violations())
                .as(report.verdict().toString())
                .isEmpty();
        assertThat(lost.unsaid()).as("lost without a word").isZero();
        assertThat(report.showedAfter(over, saidToBeLost))
                .as("what was lost is shown")
                .isFalse();
        assertThat(pages.violations()).as("open pages").isEmpty();
        assertThat(report.backAfterUndisturbed(over)).as("works again: " + seen).isLessThan(backMax);
        return report;
    }

    /** As {@link #prove}, where no instance dies: then each GET has its answer, the right one or a 503. */
    WorkloadReport proveAnswered(String name, Fault fault) {
        WorkloadReport report = prove(name, fault);
        assertThat(report.slowestReadUndisturbed()).as("slowest GET").isLessThan(ONE_SECOND);
        assertThat(report.failures().keySet())
                .filteredOn(failure -> failure.startsWith("GET"))
                .allMatch(failure -> failure.contains(": 503 "));
        return report;
    }
}
