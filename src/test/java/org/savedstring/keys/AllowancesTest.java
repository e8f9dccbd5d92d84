package org.savedstring.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {

    /** About to turn, as that of a machine may be. */
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());

    private final Allowances allowances = new Allowances(60, 3, nanos::get);

    @Test
    void soManyAtOnceAndThenOneASecond() {
        for (int i = 0; i < 60; i++) {
            assertThat(allowances.take("a")).isZero();
        }
        assertThat(allowances.take("a")).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofMillis(400));
        assertThat(allowances.take("a")).isEqualTo(Duration.ofMillis(600));
        pass(Duration.ofMillis(600));
        assertThat(allowances.take("a")).isZero();
        assertThat(allowances.take("a")).isPositive();
    }

    @Test
    void whoeverWasQuietForAMinuteHasAllOfItAgainAndNoMore() {
        exhaust("a");
        pass(Duration.ofHours(1));
        assertThat(exhaust("a")).isEqualTo(60);
    }

    @Test
    void oneTakesNothingFromAnother() {
        exhaust("a");
        assertThat(allowances.take("b")).isZero();
    }

    @Test
    void noMoreAreRememberedThanAreMeantToBe() {
        for (int i = 0; i < 1_000; i++) {
            allowances.take("one of many " + i);
        }
        assertThat(allowances.remembered()).isEqualTo(3);
    }

    @Test
    void noneStandsForNoLimit() {
        Allowances unlimited = new Allowances(0, 3, nanos::get);
        for (int i = 0; i < 1_000; i++) {
            assertThat(unlimited.take("a")).isZero();
        }
    }

    private int exhaust(String who) {
        int taken = 0;
        while (allowances.take(who).isZero()) {
            taken++;
        }
        return taken;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
