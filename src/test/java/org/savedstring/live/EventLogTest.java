package org.savedstring.live;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventLogTest {

    private final EventLog log = new EventLog(3);

    @Test
    void emptyLogHasNothingAndHasLostNothing() {
        assertThat(log.after(0)).isNull();
        assertThat(log.hasLost(0)).isFalse();
    }

    @Test
    void readerIsGivenOneVersionAfterTheOther() {
        append(1, 2, 3);
        assertThat(requireNonNull(log.after(0)).version()).isEqualTo(1);
        assertThat(requireNonNull(log.after(1)).version()).isEqualTo(2);
        assertThat(requireNonNull(log.after(2)).version()).isEqualTo(3);
        assertThat(log.after(3)).isNull();
        assertThat(log.after(99)).isNull();
    }

    @Test
    void readerThatIsTooFarBehindHasLostSomething() {
        append(1, 2, 3, 4);
        assertThat(log.hasLost(0)).isTrue();
        assertThat(log.hasLost(1)).isFalse();
        assertThat(log.hasLost(4)).isFalse();
    }

    @Test
    void gapInTheVersionsIsSteppedOver() {
        append(1, 5);
        assertThat(requireNonNull(log.after(1)).version()).isEqualTo(5);
        assertThat(requireNonNull(log.after(3)).version()).isEqualTo(5);
    }

    private void append(long... versions) {
        for (long version : versions) {
            log.append(new EventLog.Event(version, new byte[0]));
        }
    }
}
