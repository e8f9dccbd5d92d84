package org.savedstring.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.savedstring.store.SavedString;

class EventLogTest {

    private static final long NOW = Duration.ofHours(1).toNanos();
    private static final long LONG_AGO = NOW - EventLog.KEPT.toNanos() - 1;

    private final EventLog log = new EventLog(3);

    @Test
    void readerThatHasTheNewestGetsWhatFollows() {
        append(NOW, 1, 2);
        assertThat(log.events().resumeFrom("2-2", NOW)).isEqualTo(log.events().end());
    }

    @Test
    void readerThatMissedSomethingJustNowGetsAllOfIt() {
        append(NOW, 1, 2, 3);
        long from = log.events().resumeFrom("1-1", NOW);
        assertThat(LongStream.range(from, log.events().end())
                        .map(number -> log.events().get(number).saved().version()))
                .containsExactly(2L, 3L);
    }

    @Test
    void readerThatMissedSomethingLongAgoGetsTheNewestOnly() {
        append(LONG_AGO, 1, 2, 3);
        assertThat(log.events().resumeFrom("1-1", NOW)).isEqualTo(log.events().end() - 1);
    }

    @Test
    void readerOfWhomNothingIsKnownGetsTheNewestOnly() {
        append(NOW, 1, 2, 3);
        assertThat(log.events().resumeFrom(null, NOW)).isEqualTo(log.events().end() - 1);
        assertThat(log.events().resumeFrom("2-1", NOW)).isEqualTo(log.events().end() - 1);
    }

    @Test
    void numbersOfEventsStayWhatTheyAreWhenOlderOnesGo() {
        append(NOW, 1, 2, 3, 4);
        assertThat(log.events().first()).isEqualTo(1);
        assertThat(log.events().get(3).saved().version()).isEqualTo(4);
    }

    @Test
    void oldEventsGoButForTheNewest() {
        append(LONG_AGO, 1, 2);
        append(NOW, 3);
        assertThat(log.events().kept())
                .singleElement()
                .matches(event -> event.saved().version() == 3);
    }

    @Test
    void whoeverIsBehindHasLostSomethingOnceItIsCleared() {
        append(NOW, 1, 2);
        log.clear();
        append(NOW, 1);
        assertThat(log.events().first()).isEqualTo(2);
    }

    @Test
    void readerOfWhatWasLostGetsAllThatCameAfterIt() {
        append(NOW, 1, 2);
        log.lose(3);
        append(NOW, 4, 5);
        assertThat(log.events().resumeFrom("2-2", NOW)).isEqualTo(2);
        assertThat(log.events().resumeFrom("3-1", NOW)).isEqualTo(2);
        assertThat(log.events().resumeFrom("4-1", NOW)).isEqualTo(3);
        append(NOW, 6, 7);
        assertThat(log.events().resumeFrom("2-2", NOW)).isEqualTo(log.events().end() - 1);
    }

    @Test
    void textThatWasTakenBackIsReplaced() {
        append(NOW, 1, 2);
        log.replace(event(1, "", NOW));
        assertThat(log.events().get(0).saved().value()).isEmpty();
        assertThat(log.events().get(1).saved().value()).isEqualTo("value");
    }

    private void append(long atNanos, long... versions) {
        for (long version : versions) {
            log.append(event(version, "value", atNanos));
        }
    }

    private static Event event(long version, String value, long atNanos) {
        var saved = new SavedString(
                value,
                version,
                Instant.ofEpochMilli(version),
                "writer",
                version + "-" + version,
                SavedString.Text.KEPT);
        return new Event(saved, atNanos, Frame.of(value), Frame.of(value));
    }
}
