package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.Resp;
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

    /** Or else the kernel of a replica may hold its confirmation back for 40 ms. */
    @Test
    void primaryIsMadeToSendSomethingWhileAConfirmationIsSlow() {
        write("confirmed");
        cluster.replicas().forEach(ValkeyServer::pause);
        try {
            Awaitility.await("SET over another connection").until(this::isSetSentWhileReading);
        } finally {
            cluster.replicas().forEach(ValkeyServer::resume);
        }
        cluster.awaitConfirmedByReplicas(2);
        awaitReadable();
    }

    private boolean isSetSentWhileReading() {
        var reading = store().read().toCompletableFuture();
        boolean sent = false;
        while (!sent && !reading.isDone()) {
            sent = String.valueOf(cluster.primary().command("CLIENT", "LIST")).contains(" cmd=set ");
        }
        return sent;
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

    /** The reply had come, the confirmation had not: what it did is looked up where it is sent again. */
    @Test
    void writeThatWasDoneWhenItsConnectionWasLostIsFoundAndNotDoneAgain() throws Exception {
        long before = write("before").version();
        assertThat(savedThoughNotConfirmed(before, () -> {
                    cluster.primary().command("CLIENT", "KILL", "TYPE", "normal");
                    cluster.replicas().forEach(ValkeyServer::resume);
                }))
                .isEqualTo(before + 1);
    }

    @Test
    void writeThatTheNewPrimaryDoesNotHaveIsDoneThere() throws Exception {
        long before = write("before").version();
        assertThat(savedThoughNotConfirmed(before, () -> {
                    // What the kernel had received for them must not reach them.
                    cluster.nodes().forEach(ValkeyServer::kill);
                    cluster.nodes().forEach(node -> {
                        node.restart();
                        ServiceUser.create(node);
                    });
                    cluster.promoteMostUpToDateReplica();
                }))
                .isEqualTo(before + 1);
        cluster.heal();
    }

    /** Lets a fault happen while a write that was done waits for its confirmation; returns the version that it says it has. */
    private long savedThoughNotConfirmed(long before, Runnable fault) throws Exception {
        try (var valkey = new Valkey(Valkey.withoutHurry(settings()));
                var patient = valkey.open()) {
            cluster.replicas().forEach(ValkeyServer::pause);
            var saved = patient.write("in doubt", "writer", Set.of()).toCompletableFuture();
            Awaitility.await().until(() -> versions().contains((before + 1) + "-0"));
            fault.run();
            long version = saved.get(1, TimeUnit.MINUTES).version();
            assertThat(get(patient.history(10)))
                    .filteredOn(kept -> kept.value().equals("in doubt"))
                    .extracting(SavedString::version)
                    .containsExactly(version);
            return version;
        }
    }

    private String versions() {
        return String.valueOf(cluster.primary().command("XRANGE", "{saved-string}", "-", "+"));
    }

    /** One replica confirms at once; the one that was a moment behind has the write, too, before it is answered. */
    @Test
    void writeIsAnsweredWhenTheLastReplicaHasItUnlessThatTakesTooLong() throws Exception {
        ValkeyServer slow = cluster.replicas().getLast();
        try (var valkey = new Valkey(Valkey.waitingForTheLastReplica(settings()));
                var waiting = valkey.open()) {
            // How many replicas are up is looked at every second.
            Awaitility.await().untilAsserted(() -> {
                slow.pause();
                var saved = waiting.write("to all", "writer", Set.of()).toCompletableFuture();
                try {
                    assertThatThrownBy(() -> saved.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                } finally {
                    slow.resume();
                }
                long version = saved.get(1, TimeUnit.MINUTES).version();
                try (var replica = new Resp(HttpConnection.local(slow.port()), Duration.ofMinutes(1))) {
                    replica.call("READONLY");
                    assertThat(String.valueOf(replica.call("XREVRANGE", "{saved-string}", "+", "-", "COUNT", "1")))
                            .contains(version + "-0");
                }
            });
        }
        slow.pause();
        try {
            assertThat(write("though one is frozen").version()).isPositive();
        } finally {
            slow.resume();
        }
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
