package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.savedstring.store.StringStoreContract.get;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.savedstring.machine.ValkeyServer;

/** A thousand versions of 4 KB over the line of the smallest node, which carries 8 MB a second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowLineTest {

    private static final int VERSIONS = 1_000;
    private static final long BYTES_PER_SECOND = 8_000_000;
    private static final Duration HANGS_AFTER = Duration.ofSeconds(60);

    private ValkeyServer server;
    private SlowLine line;
    private Valkey valkey;

    @BeforeAll
    void fill() {
        server = ValkeyServer.start();
        String value = "x".repeat(4_096);
        for (int version = 1; version <= VERSIONS; version++) {
            server.command(
                    "XADD", "{saved-string}", version + "-0", "value", value, "at", "1", "by", "writer", "rev", "1");
        }
        line = new SlowLine(server.port(), BYTES_PER_SECOND);
        valkey = new Valkey(Valkey.settings(line.address(), 0), VERSIONS + 100);
    }

    @AfterAll
    void stop() {
        valkey.close();
        line.close();
        server.close();
    }

    @Test
    void instanceStartsItsFeedCatchesUpAndWritesGoOnMeanwhile() throws Exception {
        try (StringStore store = valkey.open()) {
            assertThat(store.awaitHistory(VERSIONS)).hasSize(VERSIONS);
            BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
            store.follow(100, seen::add);
            CompletableFuture<List<SavedString>> meanwhile =
                    store.history(VERSIONS).toCompletableFuture();
            await().atMost(HANGS_AFTER)
                    .ignoreExceptions()
                    .until(() ->
                            get(store.write("meanwhile", "writer", Set.of())).version() > VERSIONS);
            for (long version = 101; version <= VERSIONS + 1; version++) {
                SavedString next = seen.poll(HANGS_AFTER.toSeconds(), TimeUnit.SECONDS);
                assertThat(next).isNotNull().extracting(SavedString::version).isEqualTo(version);
            }
            await().atMost(HANGS_AFTER).until(meanwhile::isDone);
            await().atMost(HANGS_AFTER)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(get(store.history(VERSIONS))).hasSize(VERSIONS));
        }
    }
}
