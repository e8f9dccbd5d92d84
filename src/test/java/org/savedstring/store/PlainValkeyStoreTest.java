package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.CpuPressure;
import org.savedstring.machine.ValkeyServer;
import org.savedstring.store.valkey.ValkeySettings;

/** One single Valkey without a password. */
class PlainValkeyStoreTest extends ValkeyStoreContract {

    private ValkeyServer server;

    @BeforeAll
    void startServer() {
        server = ValkeyServer.start();
    }

    @Override
    ValkeySettings settings() {
        return Valkey.settings(server.address(), 0);
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Override
    void clear() {
        server.command("FLUSHALL");
    }

    @Test
    void readsFromOtherThreadsDoNotWaitForTheServersEventLoops() {
        write("before");
        var flood = new CountDownLatch(1);
        try (Valkey valkey = new Valkey(settings());
                StringStore store = valkey.open()) {
            valkey.occupyAllButTheLastEventLoop(flood);
            try {
                for (int i = 0; i < 10; i++) {
                    assertThat(get(store.read()).value()).isEqualTo("before");
                }
            } finally {
                flood.countDown();
            }
        }
    }

    @Test
    void frozenValkeyIsAnsweredForWithinOneSecondAndNeverWithAnOldString() {
        write("before");
        try (Valkey valkey = new Valkey(Valkey.impatient(settings()));
                StringStore impatient = valkey.open();
                CpuPressure pressure = new CpuPressure()) {
            server.pause();
            try {
                long startedAtNanos = System.nanoTime();
                CompletionStage<SavedString> read = impatient.read();
                CompletionStage<SavedString> write = impatient.write("lost?", "writer", Set.of());
                assertThat(failure(read)).isInstanceOf(StoreException.Unavailable.class);
                assertThat(failure(write)).isInstanceOf(StoreException.OutcomeUnknown.class);
                assertThat(pressure.undisturbed(startedAtNanos, System.nanoTime()))
                        .isLessThan(Duration.ofSeconds(1));
                assertThat(failure(impatient.read())).isInstanceOf(StoreException.Unavailable.class);
            } finally {
                server.resume();
            }
        }
        awaitReadable();
    }

    @Test
    void restartedValkeyIsFoundAgain() {
        server.kill();
        assertThat(failure(store().read())).isInstanceOf(StoreException.Unavailable.class);
        server.restart();
        org.awaitility.Awaitility.await().until(this::isWritable);
        awaitReadable();
        assertThat(get(store().history(1)).getFirst().version()).isEqualTo(1);
    }

    @Test
    void scriptsThatValkeyForgotAreRefusedRatherThanMisread() {
        write("before");
        server.command("SCRIPT", "FLUSH");
        org.awaitility.Awaitility.await().until(this::isWritable);
        assertThat(get(store().read()).value()).isEqualTo("again");
    }

    @Test
    void passwordAloneIsEnoughToSignIn(@TempDir Path directory) throws IOException {
        Path passwordFile = Files.writeString(directory.resolve("password"), "secret");
        try (ValkeyServer locked = ValkeyServer.start("--requirepass", "secret");
                Valkey valkey = new Valkey(Valkey.settings(locked.address(), 0, null, null, passwordFile));
                StringStore opened = valkey.open()) {
            assertThat(get(opened.write("signed in", "writer", Set.of())).version())
                    .isEqualTo(1);
        }
    }

    @Test
    void replicaThatIsTakenForThePrimarySaysSo() {
        try (ValkeyServer replica = ValkeyServer.start("--replicaof", "127.0.0.1 " + server.port())) {
            ValkeySettings settings = Valkey.withShortStart(Valkey.settings(replica.address(), 0));
            try (Valkey valkey = new Valkey(settings)) {
                assertThatThrownBy(valkey::open)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("replica")
                        .hasMessageContaining("SAVED_STRING_VALKEY_ADDRESS");
            }
        }
    }

    private boolean isWritable() {
        try {
            write("again");
            return true;
        } catch (java.util.concurrent.CompletionException e) {
            return false;
        }
    }

    private void awaitReadable() {
        org.awaitility.Awaitility.await().until(() -> {
            try {
                get(store().read());
                return true;
            } catch (java.util.concurrent.CompletionException e) {
                return false;
            }
        });
    }
}
