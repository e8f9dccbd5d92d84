package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store promises. */
abstract class StringStoreContract {

    static final int VERSIONS_MAX = 20;
    private static final long ANSWER_SECONDS_MAX = 60;

    private StringStore store;

    /** Opens a store on what was written by this test before; there is nothing before the first call. */
    abstract StringStore open() throws Exception;

    /** Forgets everything. */
    abstract void clear() throws Exception;

    @BeforeEach
    void openEmpty() throws Exception {
        clear();
        store = open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void stringBeforeTheFirstWriteIsTheInitialOne() {
        assertThat(get(store.read())).isEqualTo(SavedString.INITIAL);
        assertThat(get(store.history(10))).isEmpty();
        assertThat(get(store.find(0))).isEmpty();
        assertThat(get(store.find(1))).isEmpty();
    }

    @Test
    void writeIsAnsweredWithTheNewVersionAndReadByWhoeverAsksNext() {
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
        SavedString written = write("one");
        assertThat(written.value()).isEqualTo("one");
        assertThat(written.version()).isEqualTo(1);
        assertThat(written.updatedBy()).isEqualTo("writer");
        assertThat(written.updatedAt())
                .isBetween(before, Instant.ofEpochMilli(System.currentTimeMillis()))
                .satisfies(at -> assertThat(at).isEqualTo(at.truncatedTo(ChronoUnit.MILLIS)));
        assertThat(get(store.read())).isEqualTo(written);
        assertThat(get(store.history(10))).containsExactly(written);
        assertThat(get(store.find(1))).contains(written);
    }

    @Test
    void versionsCountTheWritesAndTheirTimesNeverRunBackwards() {
        List<SavedString> written =
                IntStream.rangeClosed(1, 10).mapToObj(i -> write("same")).toList();
        assertThat(written)
                .extracting(SavedString::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
        assertThat(written)
                .extracting(SavedString::updatedAt)
                .isSortedAccordingTo((a, b) -> a == null || b == null ? 0 : a.compareTo(b));
        assertThat(written).extracting(SavedString::revision).doesNotHaveDuplicates();
    }

    static List<String> values() {
        return List.of(
                "x",
                " ",
                "0",
                "-1",
                "null",
                "nil",
                "*",
                "+",
                "a b",
                "\"\\'`$(x)",
                "ü 🎈 \u202e\u200d",
                "\ud83c\udf88",
                "e\u0301",
                "\u0000\r\n\t\u007f",
                "%s {} {saved-string}",
                "x".repeat(8192),
                "🎈".repeat(1024));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueComesBackAsItWas(String value) throws Exception {
        write(value);
        assertThat(get(store.read()).value()).isEqualTo(value);
        assertThat(get(store.history(1)).getFirst().value()).isEqualTo(value);
        assertThat(get(store.find(1)).orElseThrow().value()).isEqualTo(value);
        try (StringStore another = reopened()) {
            assertThat(get(another.read()).value()).isEqualTo(value);
        }
    }

    @Test
    void expectedRevisionMustBeCurrent() {
        SavedString one = get(store.write("one", "writer", Set.of(SavedString.INITIAL.revision())));
        SavedString two = get(store.write("two", "writer", Set.of("none", one.revision())));
        assertThat(get(store.read())).isEqualTo(two);
    }

    @Test
    void staleRevisionIsAConflictThatNamesTheCurrentOneAndWritesNothing() {
        SavedString one = write("one");
        SavedString two = write("two");
        for (Set<String> stale : List.of(Set.of(one.revision()), Set.of("none"), Set.of("0-0", "2-0", "x"))) {
            assertThat(failure(store.write("three", "writer", stale)))
                    .isInstanceOfSatisfying(
                            StoreException.Conflict.class,
                            conflict -> assertThat(conflict.currentRevision()).isEqualTo(two.revision()));
        }
        assertThat(get(store.read())).isEqualTo(two);
        assertThat(get(store.history(10))).containsExactly(two, one);
    }

    @Test
    void ofConcurrentWritersThatExpectTheSameRevisionOneWins() {
        String expected = write("start").revision();
        List<CompletableFuture<SavedString>> attempts = IntStream.range(0, 20)
                .mapToObj(
                        i -> store.write("by " + i, "writer", Set.of(expected)).toCompletableFuture())
                .toList();
        long conflicts = attempts.stream()
                .filter(attempt -> catchThrowable(() -> get(attempt)) != null)
                .peek(attempt -> assertThat(failure(attempt)).isInstanceOf(StoreException.Conflict.class))
                .count();
        assertThat(conflicts).isEqualTo(19);
        assertThat(get(store.read()).version()).isEqualTo(2);
    }

    @Test
    void concurrentWritesAreAllKeptInOneOrder() {
        List<CompletableFuture<SavedString>> attempts = IntStream.rangeClosed(1, VERSIONS_MAX)
                .mapToObj(i -> store.write("by " + i, "writer", Set.of()).toCompletableFuture())
                .toList();
        List<SavedString> written =
                attempts.stream().map(StringStoreContract::get).toList();
        List<SavedString> history = get(store.history(VERSIONS_MAX));
        assertThat(history).containsExactlyInAnyOrderElementsOf(written);
        assertThat(history)
                .extracting(SavedString::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, VERSIONS_MAX)
                        .mapToObj(i -> VERSIONS_MAX + 1 - i)
                        .toList());
    }

    @Test
    void everyReadThatStartsAfterAWriteSeesIt() {
        for (int i = 1; i <= 30; i++) {
            SavedString written = write("write " + i);
            List<CompletionStage<SavedString>> reads = IntStream.range(0, 10)
                    .<CompletionStage<SavedString>>mapToObj(j -> store.read())
                    .toList();
            assertThat(reads).allSatisfy(read -> assertThat(get(read)).isEqualTo(written));
        }
    }

    @Test
    void historyIsNewestFirstAndAsLongAsAskedFor() {
        List<SavedString> written =
                IntStream.rangeClosed(1, 5).mapToObj(i -> write("value " + i)).toList();
        assertThat(get(store.history(2))).containsExactly(written.get(4), written.get(3));
        assertThat(get(store.history(100))).containsExactlyElementsOf(written.reversed());
    }

    @Test
    void oldestVersionsAreForgottenAndTheOthersKept() {
        IntStream.rangeClosed(1, VERSIONS_MAX + 3).forEach(i -> write("value " + i));
        List<SavedString> history = get(store.history(1_000));
        assertThat(history).hasSize(VERSIONS_MAX);
        assertThat(history.getLast().version()).isEqualTo(4);
        assertThat(get(store.find(3))).isEmpty();
        assertThat(get(store.find(4))).map(SavedString::value).contains("value 4");
        assertThat(get(store.find(VERSIONS_MAX + 4))).isEmpty();
    }

    @Test
    void whatWasWrittenIsThereWhenTheStoreIsOpenedAgain() throws Exception {
        write("one");
        SavedString two = write("two");
        try (StringStore again = reopened()) {
            assertThat(get(again.read())).isEqualTo(two);
            assertThat(get(again.history(10))).hasSize(2);
            SavedString three = get(again.write("three", "other", Set.of(two.revision())));
            assertThat(three.version()).isEqualTo(3);
        }
    }

    @Test
    void followerGetsEveryVersionOnceAndInOrder() {
        IntStream.rangeClosed(1, 5).forEach(i -> write("value " + i));
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(2, seen::add);
        for (int next = 3; next <= 40; next++) {
            if (next > 5) {
                write("value " + next);
            }
            if (next % 10 == 0) {
                // A follower that is further behind than versions are kept would miss some.
                int expected = next - 2;
                await().until(() -> seen.size() >= expected);
            }
        }
        assertThat(seen)
                .extracting(version -> version.version() + " " + version.value())
                .containsExactlyElementsOf(IntStream.rangeClosed(3, 40)
                        .mapToObj(i -> i + " value " + i)
                        .toList());
    }

    @Test
    void sameVersionNumberOfAnotherTimeIsAnotherRevision() {
        SavedString one = write("one");
        assertThat(one.revision()).matches("1-\\d+").isNotEqualTo("1-" + Instant.EPOCH.toEpochMilli());
    }

    /** A second one; where there can be only one, the first is closed. */
    StringStore reopened() throws Exception {
        return open();
    }

    final StringStore store() {
        return store;
    }

    final SavedString write(String value) {
        return get(store.write(value, "writer", Set.of()));
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(Duration.ofSeconds(ANSWER_SECONDS_MAX).toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    static Throwable failure(CompletionStage<?> stage) {
        Throwable failure = catchThrowable(() -> get(stage));
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
