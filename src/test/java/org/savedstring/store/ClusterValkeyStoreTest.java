package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.ServiceUser;
import org.savedstring.machine.ValkeyCluster;
import org.savedstring.machine.ValkeyServer;
import org.savedstring.store.valkey.ValkeySettings;

/** A cluster of a primary and two replicas, of which one must confirm; again with no more rights than needed. */
class ClusterValkeyStoreTest extends ValkeyStoreContract {

    @TempDir
    private static Path directory;

    private ValkeyCluster cluster;
    private Path passwordFile;

    @BeforeAll
    void startCluster() throws IOException {
        cluster = ValkeyCluster.start("--cluster-preferred-endpoint-type", "ip");
        cluster.nodes().forEach(ServiceUser::create);
        passwordFile = Files.writeString(directory.resolve("password"), ServiceUser.PASSWORD);
    }

    @Override
    ValkeySettings settings() {
        // A replica's address: the primary is found through it.
        String seed = cluster.replicas().getFirst().address();
        return Valkey.settings(seed, 1, null, ServiceUser.NAME, passwordFile);
    }

    @AfterAll
    void stopServer() {
        cluster.close();
    }

    @Override
    void clear() {
        cluster.primary().command("FLUSHALL");
    }

    @Test
    void writeThatNoReplicaConfirmsIsOfUnknownOutcomeAndIsNotRead() {
        SavedString confirmed = write("confirmed");
        cluster.replicas().forEach(ValkeyServer::pause);
        try {
            Throwable failure = failure(store().write("unconfirmed", "writer", Set.of()));
            assertThat(failure).isInstanceOf(StoreException.OutcomeUnknown.class);
            assertThat(failure(store().read())).isInstanceOf(StoreException.Unavailable.class);
        } finally {
            cluster.replicas().forEach(ValkeyServer::resume);
        }
        cluster.awaitConfirmedByReplicas(2);
        awaitReadable();
        assertThat(get(store().read()).version()).isGreaterThanOrEqualTo(confirmed.version());
    }

    @Test
    void staleRevisionIsNotCalledAConflictBeforeAReplicaConfirmsIt() {
        write("confirmed");
        cluster.replicas().forEach(ValkeyServer::pause);
        try {
            assertThat(failure(store().write("x", "writer", Set.of("none"))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
        } finally {
            cluster.replicas().forEach(ValkeyServer::resume);
        }
        cluster.awaitConfirmedByReplicas(2);
        awaitReadable();
    }

    @Test
    void newPrimaryIsFoundAndHasEverythingThatWasAnswered() {
        SavedString before = write("before the failover");
        cluster.plannedFailover();
        awaitReadable();
        assertThat(get(store().read())).isEqualTo(before);
        Awaitility.await()
                .until(() -> org.assertj.core.api.Assertions.catchThrowable(() -> write("after the failover")) == null);
        assertThat(get(store().read()).version()).isEqualTo(before.version() + 1);
        cluster.awaitConfirmedByReplicas(2);
    }

    /** Through every event loop: each has a connection of its own to find the primary with. */
    private void awaitReadable() {
        Awaitility.await()
                .until(() -> org.assertj.core.api.Assertions.catchThrowable(() -> {
                            for (int i = 0; i < 50; i++) {
                                get(store().read());
                            }
                        })
                        == null);
    }
}
