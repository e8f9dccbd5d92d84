package org.savedstring.proof.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.savedstring.proof.linearizability.Operation.FailedWrite;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;
import org.savedstring.property.Property;

class LinearizabilityCheckerTest {

    private static final String INITIAL = "initial";

    @Test
    void nothingIsLinearizable() {
        assertGood();
    }

    @Test
    void oneAfterTheOther() {
        assertGood(read(0, 1, 0), write(2, 3, 1), read(4, 5, 1), write(6, 7, 2), read(8, 9, 2));
    }

    @Test
    void readsDuringAWriteShowEitherState() {
        assertGood(write(0, 10, 1), read(1, 2, 0), read(3, 4, 1), read(5, 6, 1));
    }

    @Test
    void concurrentWritesTakeAnyOrder() {
        assertGood(write(0, 10, 2), write(0, 10, 1), read(11, 12, 2));
    }

    @Test
    void staleReadIsFound() {
        assertBad("older version", write(0, 1, 1), read(2, 3, 0));
    }

    @Test
    void readsGoingBackDuringOneWriteAreFound() {
        assertBad("older version", write(0, 10, 1), read(1, 2, 1), read(3, 4, 0));
    }

    @Test
    void lostWriteIsFound() {
        assertBad("same version", write(0, 1, 1), new Write(2, 3, 1, "other", Operation.ANY_VERSION));
    }

    @Test
    void lostWriteIsFoundByItsReadersToo() {
        assertBad(
                "not its own", write(0, 1, 1), new Write(2, 3, 2, "b", Operation.ANY_VERSION), new Read(4, 5, 1, "b"));
    }

    @Test
    void readFromTheFutureIsFound() {
        assertBad("older version", read(0, 1, 1), write(2, 3, 1));
    }

    @Test
    void versionsAgainstTheClockAreFound() {
        assertBad("older version", write(0, 1, 2), write(2, 3, 1));
    }

    @Test
    void valueThatNobodyWroteIsFound() {
        assertBad("nobody wrote", new Read(0, 1, 1, "torn"));
    }

    @Test
    void defaultValueAfterAWriteIsFound() {
        assertBad("older version", write(0, 1, 1), write(2, 3, 2), read(4, 5, 0));
    }

    @Test
    void valueOfAFailedWriteIsFound() {
        assertBad("nobody wrote", new FailedWrite(0, 1, "v1"), read(2, 3, 1));
    }

    @Test
    void valueReadUnderTwoVersionsIsFound() {
        assertBad("not its own", unknown(0, "x"), new Read(1, 2, 1, "x"), write(3, 4, 2), new Read(5, 6, 3, "x"));
    }

    @Test
    void twoValuesReadUnderOneVersionAreFound() {
        assertBad("same version", unknown(0, "x"), unknown(0, "y"), new Read(1, 2, 1, "x"), new Read(1, 2, 1, "y"));
    }

    @Test
    void versionThatSkipsOneIsFound() {
        assertBad("more versions than writes", write(0, 1, 1), write(2, 3, 3));
    }

    @Test
    void versionThatSkipsMillionsIsFoundAtOnce() {
        assertBad("more versions than writes", write(0, 1, Long.MAX_VALUE / 4), unknown(0, "x"));
    }

    @Test
    void unknownWriteMayNeverHappen() {
        assertGood(unknown(0, "x"), read(1, 2, 0), write(3, 4, 1), read(5, 6, 1));
    }

    @Test
    void unknownWriteMaySurfaceLater() {
        assertGood(unknown(0, "x"), read(1, 2, 0), write(3, 4, 1), read(5, 6, 1), new Read(7, 8, 2, "x"));
    }

    @Test
    void unknownWriteMayNotSurfaceBeforeItWasSent() {
        assertBad("older version", new Read(0, 1, 1, "x"), unknown(2, "x"));
    }

    @Test
    void unknownWriteMayNotDisappearOnceSeen() {
        assertBad("older version", unknown(0, "x"), new Read(1, 2, 1, "x"), read(3, 4, 0));
    }

    @Test
    void unknownWriteOnceSeenKeepsItsVersion() {
        assertBad("same version", unknown(0, "x"), new Read(1, 2, 1, "x"), write(3, 4, 1));
    }

    @Test
    void unknownWriteNobodySawExplainsAGap() {
        assertGood(unknown(0, "x"), write(1, 2, 2), read(3, 4, 2));
    }

    @Test
    void unknownWriteSentTooLateExplainsNoGap() {
        assertBad("no write can have made version 1", write(1, 2, 2), unknown(3, "x"));
    }

    @Test
    void earlyUnknownWritesFillEarlyGaps() {
        assertGood(unknown(4, "y"), unknown(0, "x"), write(1, 2, 2), write(5, 6, 4));
        assertBad("no write can have made", unknown(4, "y"), unknown(3, "x"), write(1, 2, 2), write(5, 6, 4));
    }

    @Test
    void conditionalWriteMakesTheNextVersion() {
        assertGood(new Write(0, 1, 1, "a", 0), new Write(2, 3, 2, "b", 1));
        assertBad("other than the next", write(0, 1, 1), new Write(2, 3, 2, "b", 0));
    }

    @Test
    void conditionalUnknownWriteFillsItsOwnGapOnly() {
        assertGood(new UnknownWrite(0, "x", 0), write(1, 2, 2));
        assertBad("no write can have made", new UnknownWrite(0, "x", 1), write(1, 2, 2));
    }

    @Test
    void refusalNeedsAnotherVersion() {
        assertGood(read(0, 1, 0), new RefusedWrite(2, 5, "x", 0), write(3, 4, 1));
        assertBad("more versions than writes", read(0, 1, 0), new RefusedWrite(2, 3, "x", 0));
        assertBad("no write can have made", read(0, 1, 0), new RefusedWrite(2, 3, "x", 0), unknown(4, "y"));
    }

    @Test
    void refusalShowsThatANewerVersionExists() {
        assertBad("older version", read(0, 1, 0), write(0, 9, 1), new RefusedWrite(2, 3, "x", 0), read(4, 5, 0));
    }

    @Test
    void refusalOfAVersionStillToComeSaysNothing() {
        assertGood(new RefusedWrite(0, 1, "x", 1), write(2, 3, 1));
    }

    @Test
    void historyMayBeginAnywhere() {
        assertThat(LinearizabilityChecker.check(41, "before", List.of(new Read(0, 1, 41, "before"), write(2, 3, 42)))
                        .isLinearizable())
                .isTrue();
        assertThat(LinearizabilityChecker.check(41, "before", List.of(write(2, 3, 41)))
                        .isLinearizable())
                .isFalse();
    }

    @Test
    void agreesWithTryingEveryOrder() {
        var linearizable = new AtomicInteger();
        int histories = 30_000;
        Property.check(histories, RandomHistory::of, operation -> List.of(), history -> {
            boolean expected = BruteForceChecker.isLinearizable(0, INITIAL, history);
            Verdict verdict = LinearizabilityChecker.check(0, INITIAL, history);
            assertThat(verdict.isLinearizable()).as(verdict.toString()).isEqualTo(expected);
            linearizable.addAndGet(expected ? 1 : 0);
        });
        assertThat(linearizable.get())
                .as("both kinds are well represented")
                .isBetween(histories / 5, histories * 4 / 5);
    }

    /** In seconds; one that compares each with each would take hours. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void decidesAMillionOperations() {
        var history = new ArrayList<Operation>();
        var random = RandomGenerator.of("L64X128MixRandom");
        for (int version = 1; version <= 200_000; version++) {
            long start = 100L * version;
            history.add(version % 100 == 0 ? unknown(start, "v" + version) : write(start, start + 50, version));
            for (int read = 0; read < 4; read++) {
                long invoked = start + 51 + random.nextInt(20);
                history.add(read(invoked, invoked + random.nextInt(20), version));
            }
        }
        assertThat(LinearizabilityChecker.check(0, INITIAL, history).violations())
                .isEmpty();
        history.add(read(20_000_200, 20_000_201, 150_000));
        assertThat(LinearizabilityChecker.check(0, INITIAL, history).violations())
                .hasSize(1);
    }

    private static void assertGood(Operation... history) {
        assertThat(LinearizabilityChecker.check(0, INITIAL, Arrays.asList(history))
                        .violations())
                .isEmpty();
        assertThat(BruteForceChecker.isLinearizable(0, INITIAL, List.of(history)))
                .isTrue();
    }

    private static void assertBad(String rule, Operation... history) {
        assertThat(LinearizabilityChecker.check(0, INITIAL, Arrays.asList(history))
                        .violations())
                .anySatisfy(violation -> assertThat(violation.rule()).contains(rule));
        assertThat(BruteForceChecker.isLinearizable(0, INITIAL, List.of(history)))
                .isFalse();
    }

    private static Read read(long invoked, long returned, long version) {
        return new Read(invoked, returned, version, version == 0 ? INITIAL : "v" + version);
    }

    private static Write write(long invoked, long returned, long version) {
        return new Write(invoked, returned, version, "v" + version, Operation.ANY_VERSION);
    }

    private static UnknownWrite unknown(long invoked, String value) {
        return new UnknownWrite(invoked, value, Operation.ANY_VERSION);
    }
}
