package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Cell;

/** Clocks that are wrong, and clocks that are set while everything runs. */
@Tag("cell")
@LongRunOnly
class ClockTest {

    private static final List<Duration> JUMPS = List.of(
            Duration.ofHours(5), Duration.ofHours(-3), Duration.ofDays(40), Duration.ofMinutes(-1), Duration.ZERO);
    private static final Duration BETWEEN_JUMPS = Duration.ofSeconds(3);

    @Test
    void clocksThatJumpLoseNothingAndShowNothingOlder() {
        try (Cell cell = Cell.startWithMovableClocks(SharedCell.SETTINGS)) {
            var proof = new FaultProof(cell);
            proof.heal();
            proof.prove("every clock set by hours, each its own way, five times", load -> {
                for (int turn = 0; turn < JUMPS.size(); turn++) {
                    moveAll(cell, turn);
                    load.goOnFor(BETWEEN_JUMPS);
                }
                cell.valkey().awaitConfirmedByReplicas(1);
                return System.nanoTime();
            });
            List<Long> times = cell.keptTimes();
            assertThat(times).as("times of saving").isSorted();
            assertThat(times.getLast() - times.getFirst())
                    .as("the clocks did jump")
                    .isGreaterThan(Duration.ofDays(30).toMillis());
        }
    }

    /** No two neighbours of the cell agree on the time. */
    private static void moveAll(Cell cell, int turn) {
        var clocks = new ArrayList<Consumer<Duration>>();
        cell.valkey().nodes().forEach(node -> clocks.add(node::moveClock));
        cell.instances().forEach(instance -> clocks.add(instance::moveClock));
        for (int i = 0; i < clocks.size(); i++) {
            clocks.get(i).accept(JUMPS.get((turn + i) % JUMPS.size()));
        }
    }
}
