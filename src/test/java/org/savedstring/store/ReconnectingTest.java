package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.savedstring.store.StringStoreContract.failure;
import static org.savedstring.store.StringStoreContract.get;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ValkeyCluster;
import org.savedstring.machine.ValkeyServer;

/** Where connections are made to, and how often. */
final class ReconnectingTest {

    private static final Pattern CONNECTIONS = Pattern.compile("total_connections_received:(\\d+)");
    private static final Pattern LOOKS = Pattern.compile("cmdstat_cluster\\|slots:calls=(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration TROUBLE = Duration.ofSeconds(5);

    /** Those of two event loops, of writes, of history and of the change feed, each at most every 0.2 s. */
    private static final int CONNECTIONS_PER_SECOND_MAX = 25;

    /** After lettuce #2430 and #392. */
    @Test
    void replicasThatReplacedOthersWhileThePrimaryWasHealthyAreFoundWhenItDies() {
        String[] options = {"--cluster-preferred-endpoint-type", "ip"};
        try (var cluster = ValkeyCluster.start(options);
                var valkey = new Valkey(Valkey.settings(cluster.primary().address(), 1));
                var store = valkey.open()) {
            SavedString saved = get(store.write("before", "writer", Set.of()));
            cluster.replaceReplicas(options);
            long looks = count(cluster.primary(), "commandstats", LOOKS);
            await().atMost(PATIENCE).until(() -> count(cluster.primary(), "commandstats", LOOKS) >= looks + 2);

            cluster.primary().kill();
            cluster.promoteMostUpToDateReplica();
            cluster.awaitConfirmedByReplicas(1);

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(get(store.read())).isEqualTo(saved));
        }
    }

    /** After redis-cluster-client #519: nobody listens at the first. */
    @Test
    void secondAddressIsTried() {
        try (var server = ValkeyServer.start();
                var valkey = new Valkey(Valkey.settings("127.0.0.1:" + Ports.free() + "," + server.address(), 0));
                var store = valkey.open()) {
            assertThat(get(store.write("found", "writer", Set.of())).version()).isEqualTo(1);
        }
    }

    /** After redis #3774: a connection that is made is no success if nothing can be done over it. */
    @Test
    void pausesGrowUntilSomethingSucceeded() {
        try (var server =
                ValkeyServer.start("--cluster-enabled", "yes", "--cluster-port", String.valueOf(Ports.free()))) {
            server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            await().atMost(PATIENCE)
                    .until(() ->
                            String.valueOf(server.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
            try (var valkey = new Valkey(Valkey.settings(server.address(), 0));
                    var store = valkey.open()) {
                get(store.write("before", "writer", Set.of()));
                server.command("CLUSTER", "DELSLOTSRANGE", "0", "16383");
                assertConnectsRarely(server, store);
                server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> get(store.read()).value().equals("before"));
            }
        }
    }

    @Test
    void permissionThatIsMissingIsNoReasonToConnectAgainAndAgain() {
        try (var server = ValkeyServer.start();
                var valkey = new Valkey(Valkey.settings(server.address(), 0));
                var store = valkey.open()) {
            get(store.write("before", "writer", Set.of()));
            server.command("ACL", "SETUSER", "default", "-evalsha");
            assertConnectsRarely(server, store);
            assertThat(store.trouble())
                    .hasValueSatisfying(said -> assertThat(said).contains("NOPERM"));
            server.command("ACL", "SETUSER", "default", "+evalsha");
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> get(store.read()).value().equals("before"));
        }
    }

    private static void assertConnectsRarely(ValkeyServer server, StringStore store) {
        long before = count(server, "stats", CONNECTIONS);
        long until = System.nanoTime() + TROUBLE.toNanos();
        int asked = 0;
        while (System.nanoTime() < until) {
            assertThat(failure(store.read())).isInstanceOf(StoreException.Unavailable.class);
            asked++;
        }
        // Each count is a connection, too.
        assertThat(count(server, "stats", CONNECTIONS) - before)
                .as("connections in %s, while asked %d times", TROUBLE, asked)
                .isLessThan(TROUBLE.toSeconds() * CONNECTIONS_PER_SECOND_MAX);
    }

    private static long count(ValkeyServer server, String section, Pattern pattern) {
        Matcher found = pattern.matcher(String.valueOf(server.command("INFO", section)));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }
}
