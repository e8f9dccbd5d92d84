package org.savedstring.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ValkeyClusterTest {

    @Test
    void keepsItsDataThroughEveryChangeOfPrimary() {
        try (var cluster = ValkeyCluster.start()) {
            cluster.primary().command("SET", "key", "1");
            ValkeyServer first = cluster.primary();
            ValkeyServer second = cluster.plannedFailover();
            assertThat(second).isNotSameAs(first);
            assertThat(second.command("GET", "key")).isEqualTo("1");
            cluster.awaitConfirmedByReplicas(2);

            second.command("SET", "key", "2");
            second.kill();
            ValkeyServer third = cluster.promoteMostUpToDateReplica();
            assertThat(third.command("GET", "key")).isEqualTo("2");
            cluster.awaitConfirmedByReplicas(1);

            cluster.heal();
            assertThat(cluster.replicas()).contains(second).doesNotContain(third);
            assertThatThrownBy(() -> second.command("GET", "key")).hasMessageContaining("MOVED");
        }
    }

    @Test
    void frozenPrimaryWakesAsAReplica() {
        try (var cluster = ValkeyCluster.start()) {
            ValkeyServer frozen = cluster.primary();
            frozen.pause();
            cluster.promoteMostUpToDateReplica();
            cluster.awaitConfirmedByReplicas(1);
            frozen.resume();
            cluster.awaitConfirmedByReplicas(2);
        }
    }
}
