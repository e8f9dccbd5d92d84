package org.savedstring.proof;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.machine.Cell;
import org.savedstring.machine.ValkeyServer;

/**
 * Whatever makes the store lose what it had confirmed: it is said on every view, no number is given twice, and every instance
 * says the same.
 */
@Tag("cell")
@LongRunOnly
@ExtendWith(SharedCell.class)
class LossTest extends FaultyCell {

    private static final Duration BETWEEN = Duration.ofSeconds(2);

    LossTest(Cell cell) {
        super(cell);
    }

    @Test
    void storeEmptied() {
        proof.proveLossIsSaid("the store emptied", load -> {
            cell.valkey().primary().command("FLUSHALL");
            return System.nanoTime();
        });
    }

    @Test
    void olderBackupLoaded() {
        proof.proveLossIsSaid("all of Valkey killed, and started again from an older backup", load -> {
            List<ValkeyServer> nodes = cell.valkey().nodes();
            List<Path> backups = new ArrayList<>();
            for (ValkeyServer node : nodes) {
                backups.add(node.backUp());
            }
            load.goOnFor(BETWEEN);
            nodes.forEach(ValkeyServer::kill);
            for (int i = 0; i < nodes.size(); i++) {
                nodes.get(i).replaceDataBy(backups.get(i));
            }
            cell.valkey().heal();
            return System.nanoTime();
        });
    }

    /** The other replica confirms meanwhile. What the kernel had received for the frozen one must not reach it. */
    @Test
    void laggingReplicaPromoted() {
        proof.proveLossIsSaid("a replica frozen for 2 s, all killed, the one that lagged promoted", load -> {
            ValkeyServer lagging = cell.valkey().replicas().getFirst();
            lagging.pause();
            load.goOnFor(BETWEEN);
            cell.valkey().nodes().forEach(ValkeyServer::kill);
            lagging.restart();
            cell.valkey().promoteMostUpToDateReplica();
            cell.valkey().heal();
            return System.nanoTime();
        });
    }
}
