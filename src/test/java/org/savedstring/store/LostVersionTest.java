package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.savedstring.store.StringStoreContract.failure;
import static org.savedstring.store.StringStoreContract.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.savedstring.machine.ValkeyServer;

/** Promise 8: a version number is given once, and a lost version is never papered over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostVersionTest {

    private static final String STREAM = "{saved-string}";
    private static final String BACKUP = "backup";
    private static final Duration AGREED_MAX = Duration.ofSeconds(10);

    private ValkeyServer server;
    private Valkey valkey;
    private StringStore one;
    private StringStore two;

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
        one = valkey.open();
        two = valkey.open();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void emptiedStoreIsSaidByEveryInstanceAndHealedByTheNextWrite() {
        write("first");
        String lost = write("second").revision();
        assertThat(get(two.read()).version()).isEqualTo(2);

        server.command("FLUSHALL");

        assertLost(2, 0);
        assertThat(get(two.history(10)))
                .extracting(SavedString::version, SavedString::isLost)
                .containsExactly(tuple(2L, true));
        assertThat(failure(one.write("on what was lost", "writer", Set.of(lost))))
                .isInstanceOf(StoreException.Conflict.class);
        SavedString healed = heal(two, "third");
        assertThat(healed.version()).isEqualTo(3);
        assertThat(get(one.read())).isEqualTo(healed);
        assertThat(get(two.read())).isEqualTo(healed);
    }

    @Test
    void olderDumpIsSaidByEveryInstanceWithWhatIsLeft() {
        write("first");
        backUp();
        write("second");
        write("third");
        assertThat(get(two.read()).version()).isEqualTo(3);

        restore();

        assertLost(3, 1);
        assertThat(heal(one, "fourth").version()).isEqualTo(4);
        assertThat(get(two.history(10))).extracting(SavedString::version).containsExactly(4L, 3L, 1L);
    }

    @Test
    void instanceThatSawLessAgreesWithTheOneThatSawMore() {
        write("first");
        assertThat(get(two.read()).version()).isEqualTo(1);
        backUp();
        write("second");

        restore();

        assertLost(2, 1);
    }

    @Test
    void anotherVersionUnderTheSameNumberIsALoss() {
        write("first");
        backUp();
        write("second");
        restore();
        server.command("XADD", STREAM, "2-0", "value", "another second", "at", "1", "by", "writer");

        assertLost(2, 2);
        assertThat(get(one.find(2))).map(SavedString::value).contains("another second");
    }

    @Test
    void instanceThatStartsAfterwardsSaysSo() {
        write("first");
        server.command("FLUSHALL");
        assertLost(1, 0);
        try (StringStore three = valkey.open()) {
            assertThat(failure(three.read())).isInstanceOf(StoreException.VersionLost.class);
        }
    }

    @Test
    void writeRecordsTheLossThatNobodyHasReadYet() {
        write("first");
        write("second");
        server.command("FLUSHALL");
        assertThat(failure(one.write("third", "writer", Set.of())))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("version 2 was lost a moment ago");
        assertThat(heal(one, "third").version()).isEqualTo(3);
        assertThat(get(two.history(10)))
                .extracting(SavedString::version, SavedString::isLost)
                .containsExactly(tuple(3L, false), tuple(2L, true));
    }

    @Test
    void followerIsToldWithoutAnybodyReading() throws Exception {
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        two.follow(0, seen::add);
        write("first");
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isNotNull();
        server.command("FLUSHALL");
        SavedString lost = seen.poll(10, TimeUnit.SECONDS);
        assertThat(lost)
                .isNotNull()
                .satisfies(version -> assertThat(version.isLost()).isTrue());
        heal(one, "second");
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(2L);
    }

    /** One instance had seen version 2, the other had not when it found the store emptied, and is asked to write. */
    @Test
    void numberThatOnlyAnotherInstanceKnowsIsNotGivenAgain() {
        String entry = write("first").revision();
        assertThat(get(two.read()).revision()).isEqualTo(entry);
        SavedString second = write("second");
        server.command("FLUSHALL");
        SavedString healed = heal(two, "third");
        assertThat(healed.version()).isGreaterThan(second.version());
        assertThat(get(one.read())).isEqualTo(healed);
    }

    @Test
    void whatIsLeftIsShownUnderTheLostNumberIfThePolicySaysSo() {
        try (StringStore showing = valkey.open(LossPolicy.SHOW)) {
            write("first");
            backUp();
            String lost = write("second").revision();
            assertThat(get(showing.read()).version()).isEqualTo(2);
            restore();
            await().atMost(AGREED_MAX)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(get(showing.read()))
                            .satisfies(shown -> assertThat(shown.value()).isEqualTo("first"))
                            .satisfies(shown -> assertThat(shown.version()).isEqualTo(2))
                            .satisfies(shown -> assertThat(shown.revision()).isNotEqualTo(lost)));
        }
    }

    @Test
    void readsThatOvertakeOthersAndWritesAreNoAlarm() {
        for (int i = 1; i <= 300; i++) {
            List<CompletableFuture<SavedString>> answers = new ArrayList<>();
            answers.add(one.write("write " + i, "writer", Set.of()).toCompletableFuture());
            for (int j = 0; j < 5; j++) {
                answers.add(one.read().toCompletableFuture());
                answers.add(two.read().toCompletableFuture());
            }
            answers.forEach(answer -> assertThat(get(answer).isLost()).isFalse());
        }
        assertThat(get(one.history(1_000))).noneMatch(SavedString::isLost);
    }

    @Test
    void entryThatIsDeletedByHandStopsNoWrite() {
        write("first");
        write("a secret");
        server.command("XDEL", STREAM, "2-0");
        assertThat(heal(one, "third").version()).isEqualTo(3);
        server.command("XDEL", STREAM, "3-0");
        try (StringStore fresh = valkey.open()) {
            assertThat(heal(fresh, "fourth").version()).isGreaterThanOrEqualTo(4);
            assertThat(get(fresh.read()).value()).isEqualTo("fourth");
        }
    }

    @Test
    void revisionIsUniqueThoughTheClockOfTheStoreWasAheadAndWentBack() {
        server.command(
                "XADD",
                STREAM,
                "1-0",
                "value",
                "first",
                "at",
                "32503680000000",
                "by",
                "writer",
                "rev",
                "1",
                "store",
                "1");
        backUp();
        String before = get(one.write("second", "writer", Set.of())).revision();
        one.close();
        two.close();
        restore();
        one = valkey.open();
        two = valkey.open();
        SavedString after = get(one.write("another second", "writer", Set.of()));
        assertThat(after.version()).isEqualTo(2);
        assertThat(after.revision()).isNotEqualTo(before);
    }

    private void assertLost(long version, long left) {
        for (StringStore store : List.of(one, two)) {
            await().atMost(AGREED_MAX)
                    .untilAsserted(() -> assertThat(failure(store.read()))
                            .isInstanceOfSatisfying(StoreException.VersionLost.class, lost -> {
                                assertThat(lost.lostVersion()).isEqualTo(version);
                                assertThat(lost.leftVersion()).isEqualTo(left);
                            }));
        }
    }

    /** Writes as soon as every instance has had the time to say what it had seen. */
    private static SavedString heal(StringStore store, String value) {
        return await().atMost(AGREED_MAX)
                .ignoreExceptions()
                .until(() -> get(store.write(value, "writer", Set.of())), healed -> true);
    }

    private SavedString write(String value) {
        return get(one.write(value, "writer", Set.of()));
    }

    private void backUp() {
        server.command("COPY", STREAM, BACKUP, "REPLACE");
    }

    private void restore() {
        server.command("COPY", BACKUP, STREAM, "REPLACE");
    }
}
