package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.savedstring.store.StringStoreContract.failure;
import static org.savedstring.store.StringStoreContract.get;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.Ports;
import org.savedstring.machine.TcpProxy;
import org.savedstring.machine.ValkeyServer;

/** What operators of Valkey report of other clients, tried on this one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MisbehavingValkeyTest {

    private static final String STREAM = "{saved-string}";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ValkeyServer server;
    private Valkey valkey;
    private StringStore store;

    @BeforeAll
    void start() {
        server = ValkeyServer.start();
        valkey = new Valkey(Valkey.settings(server.address(), 0));
    }

    @AfterAll
    void stop() {
        valkey.close();
        server.close();
    }

    @BeforeEach
    void open() {
        server.command("FLUSHALL");
        store = valkey.open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** After spring-data-redis #1802. */
    @Test
    void entryThatCannotBeReadIsNamedAndEndsWithTheNextWrite() {
        write("first");
        server.command("XADD", STREAM, "2-0", "colour", "green");
        assertThat(failure(store.read()))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("2-0")
                .hasMessageContaining("XDEL");
        assertThat(failure(store.read())).isInstanceOf(StoreException.Unavailable.class);
        assertThat(get(store.history(10))).extracting(SavedString::version).containsExactly(1L);
        assertThat(write("third").version()).isEqualTo(3);
        assertThat(get(store.read()).value()).isEqualTo("third");
    }

    @Test
    void entryThatCannotBeReadIsNoHurdleForTheFeed() throws Exception {
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(0, seen::add);
        server.command("XADD", STREAM, "1-0", "colour", "green");
        write("second");
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(2L);
    }

    @Test
    void followerThatThrowsGetsTheNextVersionAllTheSame() throws Exception {
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(0, version -> {
            seen.add(version);
            throw new IllegalStateException("on purpose");
        });
        write("first");
        write("second");
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(1L);
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(2L);
    }

    @Test
    void fieldsOfOtherReleasesInAnyOrderAreUnderstood() {
        server.command("XADD", STREAM, "1-0", "new", "x", "by", "writer", "at", "5", "value", "first");
        assertThat(get(store.read()).value()).isEqualTo("first");
        assertThat(get(store.read()).updatedBy()).isEqualTo("writer");
        assertThat(write("second").version()).isEqualTo(2);
    }

    /** After lettuce #1946. */
    @Test
    void storeWithAnotherIdentityIsNeitherReadNorWritten() {
        write("ours");
        Object entries = server.command("XLEN", STREAM);
        server.command("XADD", STREAM, "7-0", "value", "theirs", "at", "1", "by", "x", "rev", "1", "store", "42");
        assertThat(failure(store.read()))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("another store");
        assertThat(failure(store.write("lost?", "writer", Set.of())))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("another store");
        assertThat(entries).isEqualTo(1L);
        assertThat(server.command("XLEN", STREAM)).isEqualTo(2L);
        awaitTrouble("another store");
        server.command("XDEL", STREAM, "7-0");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> write("ours again").version() > 1);
        assertThat(get(store.read()).value()).isEqualTo("ours again");
    }

    /** It is known once the failure is, or a moment later. */
    private void awaitTrouble(String part) {
        await().atMost(PATIENCE)
                .until(() -> store.trouble().filter(said -> said.contains(part)).isPresent());
    }

    /** After redis #9913: without a fence a read is a read. */
    @Test
    void valkeyThatRefusesWritesStillServesTheStringAndAStart() {
        write("first");
        server.command("CONFIG", "SET", "maxmemory", "1");
        try {
            assertThat(failure(store.write("second", "writer", Set.of())))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("OOM");
            assertThat(get(store.read()).value()).isEqualTo("first");
            awaitTrouble("OOM");
            try (StringStore another = valkey.open()) {
                assertThat(get(another.read()).value()).isEqualTo("first");
                assertThat(another.awaitHistory(10)).hasSize(1);
            }
        } finally {
            server.command("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(write("second").version()).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> store.trouble().isEmpty());
    }

    /** After redis #9913: the disk that Valkey saves to is full, or gone. */
    @Test
    void valkeyThatCannotSaveStillServesTheString() {
        try (var unable = ValkeyServer.start("--save", "3600 1", "--dir", "/proc");
                var itsValkey = new Valkey(Valkey.settings(unable.address(), 0));
                var itsStore = itsValkey.open()) {
            get(itsStore.write("first", "writer", Set.of()));
            unable.command("BGSAVE");
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(unable.command("INFO", "persistence"))
                            .contains("rdb_last_bgsave_status:err"));
            assertThat(failure(itsStore.write("second", "writer", Set.of())))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("MISCONF");
            assertThat(get(itsStore.read()).value()).isEqualTo("first");
            try (StringStore another = itsValkey.open()) {
                assertThat(get(another.read()).value()).isEqualTo("first");
            }
        }
    }

    /** After lettuce #2082, #1466 and #3675: a firewall forgot the connections. Nobody asks anything meanwhile. */
    @Test
    void connectionsThatDiedWithoutAWordAreMadeAnewBeforeAnybodyAsks() throws IOException {
        int port = Ports.free();
        try (var proxy = new TcpProxy(InetAddress.getLoopbackAddress(), port, HttpConnection.local(server.port()));
                var itsValkey = new Valkey(Valkey.impatient(Valkey.settings("127.0.0.1:" + port, 0)));
                var itsStore = itsValkey.open()) {
            get(itsStore.write("first", "writer", Set.of()));
            long before = proxy.connections();
            proxy.forgetConnections();
            await().atMost(PATIENCE).until(() -> proxy.connections() >= 2 * before);
            await().atMost(PATIENCE).until(() -> itsStore.trouble().isEmpty());
            assertThat(get(itsStore.read()).value()).isEqualTo("first");
            assertThat(get(itsStore.write("second", "writer", Set.of())).version())
                    .isEqualTo(2);
        }
    }

    /** After bee-queue #316. */
    @Test
    void scriptsThatValkeyForgotAreLoadedAgainAndNobodyIsToldOff() {
        assertUnnoticed(() -> server.command("SCRIPT", "FLUSH"));
    }

    /** After lettuce #1727: a read whose connection was lost is sent again; nobody is told. */
    @Test
    void connectionsThatAreCutWhileIdleCostNobodyAnything() {
        assertUnnoticed(() -> server.command("CLIENT", "KILL", "TYPE", "NORMAL"));
    }

    @Test
    void historyComesInPagesAndBeforeAVersion() {
        for (int i = 1; i <= StringStoreContract.VERSIONS_MAX; i++) {
            write(i + "x".repeat(8_000));
        }
        server.command("CONFIG", "RESETSTAT");
        assertThat(get(store.history(StringStoreContract.VERSIONS_MAX))).hasSize(StringStoreContract.VERSIONS_MAX);
        assertThat(get(store.history(3, 10))).extracting(SavedString::version).containsExactly(9L, 8L, 7L);
        assertThat(get(store.history(3, 1))).isEmpty();
    }

    @Test
    void textThatIsTakenOutIsGoneFromTheStreamAndItsNumberStays() throws Exception {
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(0, seen::add);
        SavedString secret = write("a secret");
        assertThat(failure(store.removeText(1))).isInstanceOf(StoreException.Conflict.class);
        SavedString current = write("harmless");
        for (int i = 0; i < 2; i++) {
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isNotNull();
        }

        SavedString removed = get(store.removeText(1)).orElseThrow();

        assertThat(removed.text()).isEqualTo(SavedString.Text.REMOVED);
        assertThat(removed.revision()).isEqualTo(secret.revision());
        assertThat(removed.updatedBy()).isEqualTo("writer");
        assertThat(String.valueOf(server.command("XRANGE", STREAM, "-", "+"))).doesNotContain("a secret");
        assertThat(get(store.history(10))).containsExactly(current, removed);
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(removed);
        assertThat(get(store.removeText(9))).isEmpty();
        assertThat(get(store.read())).isEqualTo(current);
        assertThat(write("third").version()).isEqualTo(3);
    }

    /** On a machine that stalls a try may take longer than a request may wait; one is enough. */
    private void assertUnnoticed(Runnable fault) {
        await().atMost(PATIENCE.multipliedBy(3)).pollDelay(Duration.ZERO).untilAsserted(() -> {
            assertThatCode(() -> {
                        fault.run();
                        SavedString written = write("after the first fault");
                        fault.run();
                        assertThat(get(store.read())).isEqualTo(written);
                    })
                    .doesNotThrowAnyException();
        });
    }

    private SavedString write(String value) {
        return get(store.write(value, "writer", Set.of()));
    }
}
