package org.savedstring.store.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final Duration MAX = Duration.ofMillis(20);
    private static final Duration QUICK = Duration.ofMillis(2);
    private static final Duration SLOW = Duration.ofMillis(9);

    private final Pace pace = new Pace(MAX);
    private final long moment = pace.gatheringNanos();

    @Test
    void readsGatherForAMomentWhileAnswersAreQuick() {
        answered(QUICK, 1_000);
        assertThat(pace.gatheringNanos()).isEqualTo(moment);
        assertThat(pace.isSlowed()).isFalse();
    }

    @Test
    void readsGatherLongerTheLongerAnswersAreSlowUpToTheLimit() {
        answered(SLOW, 100);
        long first = pace.gatheringNanos();
        answered(SLOW, 100);
        assertThat(pace.gatheringNanos()).isGreaterThan(first).isGreaterThan(moment);
        answered(SLOW, 10_000);
        assertThat(pace.gatheringNanos()).isEqualTo(MAX.toNanos());
    }

    @Test
    void readsGatherForAMomentAgainOnceAnswersAreQuickAgain() {
        answered(SLOW, 10_000);
        answered(QUICK, 1_000);
        assertThat(pace.gatheringNanos()).isEqualTo(moment);
    }

    @Test
    void slowAnswersAmongQuickOnesAreTheLoopsOwn() {
        for (int i = 0; i < 1_000; i++) {
            answered(SLOW, 7);
            answered(QUICK, 1);
        }
        assertThat(pace.gatheringNanos()).isEqualTo(moment);
    }

    @Test
    void zeroSwitchesItOff() {
        Pace off = new Pace(Duration.ZERO);
        for (int i = 0; i < 1_000; i++) {
            off.answered(SLOW.toNanos());
        }
        assertThat(off.gatheringNanos()).isEqualTo(moment);
    }

    private void answered(Duration took, int times) {
        for (int i = 0; i < times; i++) {
            pace.answered(took.toNanos());
        }
    }
}
