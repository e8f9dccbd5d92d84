package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.savedstring.load.Attempt;
import org.savedstring.machine.EventStream.Kind;
import org.savedstring.machine.EventStream.Told;
import org.savedstring.proof.linearizability.Operation;
import org.savedstring.proof.linearizability.Operation.Write;

class StreamVerdictTest {

    private final long now = System.nanoTime();
    private final Instant nowAt = Clock.systemUTC().instant();

    private final TreeMap<Long, String> kept = new TreeMap<>();

    @Test
    void everyVersionInItsOrderIsRight() {
        assertThat(verdict(opened(0), version(0, 1), version(1, 2), opened(2), version(3, 3), confirmed(4, 3)))
                .isEmpty();
    }

    @Test
    void streamThatWasResumedWhereItWasMayBeToldTheSameOnceMore() {
        assertThat(verdict(opened(0), version(0, 2), opened(2), version(2, 2))).isEmpty();
    }

    @Test
    void gapIsSeenOnOneStreamAndWhereItWasResumed() {
        assertThat(verdict(opened(0), version(0, 1), version(1, 3))).hasSize(1);
        assertThat(verdict(opened(0), version(0, 1), opened(1), version(1, 3))).hasSize(1);
    }

    @Test
    void olderVersionIsSeenHoweverLongTheReaderWasAway() {
        assertThat(verdict(opened(0), version(0, 3), opened(60), version(60, 2)))
                .hasSize(1);
    }

    @Test
    void versionThatWasLostIsSeen() {
        assertThat(verdict(opened(0), version(0, 3), version(1, 4))).hasSize(1);
    }

    @Test
    void claimAfterANewerVersionWasAcknowledgedIsSeen() {
        Attempt write = acknowledged(2, 10);
        assertThat(verdictOf(List.of(opened(0), version(0, 1), confirmed(9, 1)), write)
                        .violations())
                .isEmpty();
        assertThat(verdictOf(List.of(opened(0), version(0, 1), confirmed(12, 1)), write)
                        .violations())
                .singleElement()
                .asString()
                .contains("version 1 was said to be current");
    }

    @Test
    void pageClaimsForFourSecondsAndUntilItLooksUnlessItIsToldSomethingNewer() {
        Attempt write = acknowledged(2, 10);
        assertThat(verdictOf(List.of(opened(0), version(0, 1), confirmed(9, 1)), write)
                        .longestStaleClaim())
                .isEqualTo(Duration.ofMillis(3_250));
        assertThat(verdictOf(List.of(opened(0), version(0, 1), confirmed(9, 1), version(11, 2)), write)
                        .longestStaleClaim())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void claimThatComesLateIsCountedFromWhenItCame() {
        Attempt write = acknowledged(2, 10);
        assertThat(verdictOf(List.of(opened(0), version(0, 1), confirmed(30, 1), version(31, 2)), write)
                        .longestStaleClaim())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void onlyWhatTheStoreSaysItLostMayBeMissingOrShownThoughItIsNotKept() {
        kept.put(7L, "value");
        kept.put(4L, "value");
        assertThat(verdict(opened(0), version(0, 4), version(1, 5), opened(2), version(2, 7)))
                .isEmpty();
        assertThat(verdict(opened(0), version(0, 3), opened(2), version(2, 7))).hasSize(1);
    }

    private List<String> verdict(Told... told) {
        return verdictOf(List.of(told), acknowledged(1, 0)).violations();
    }

    private StreamVerdict verdictOf(List<Told> told, Attempt write) {
        for (long version = 1; version <= 3; version++) {
            kept.put(version, "value");
        }
        return StreamVerdict.of(told, List.of(write), kept, Set.of(5L, 6L));
    }

    private Told opened(int second) {
        return new Told(Kind.OPENED, nanos(second), -1, null);
    }

    private Told version(int second, long version) {
        return new Told(Kind.VERSION, nanos(second), version, null);
    }

    private Told confirmed(int second, long version) {
        return new Told(Kind.CONFIRMED, nanos(second), version, nowAt.plusSeconds(second));
    }

    private Attempt acknowledged(long version, int second) {
        return new Attempt(
                "a",
                true,
                nanos(second),
                nanos(second),
                new Write(nanos(second), nanos(second), version, "v", Operation.ANY_VERSION),
                null);
    }

    private long nanos(int second) {
        return now + Duration.ofSeconds(second).toNanos();
    }
}
