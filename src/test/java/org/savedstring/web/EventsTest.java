package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.savedstring.web.ProblemAssert.assertProblem;

import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.live.EventStreams;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.RawConnection;

/** {@code GET /events}. */
class EventsTest extends ServiceTest {

    private static final int STREAMS_MAX = 3;
    private static final int VERSIONS_BEHIND_MAX = 20;

    @Inject
    EventStreams streams;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.events.heartbeat", "200ms",
                "saved-string.events.streams-max", String.valueOf(STREAMS_MAX),
                "saved-string.events.versions-behind-max", String.valueOf(VERSIONS_BEHIND_MAX));
    }

    @Test
    void currentStateComesFirst() {
        save("current ü");
        try (EventReader events = http().events()) {
            assertThat(events.head().status()).isEqualTo(200);
            assertThat(events.head().header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(events.head().header("Cache-Control")).isEqualTo("no-cache");
            EventReader.Event first = events.next();
            assertThat(http().get("/").entityTag()).startsWith("\"" + first.id() + "-");
            assertThat(first.version()).isEqualTo(currentVersion());
            assertThat(first.data())
                    .isEqualTo(http().get("/", "Accept", "application/json").text());
        }
    }

    @Test
    void everyNewVersionFollowsInOrder() {
        save("before");
        try (EventReader events = http().events()) {
            long version = events.next().version();
            for (int i = 1; i <= 10; i++) {
                save("live " + i);
            }
            for (int i = 1; i <= 10; i++) {
                EventReader.Event event = events.next();
                assertThat(event.version()).isEqualTo(version + i);
                assertThat(event.value()).isEqualTo("live " + i);
            }
        }
    }

    @Test
    void readerIsToldHowSoonToComeBack() {
        try (EventReader events = http().events()) {
            assertThat(events.nextBlock()).matches("retry: \\d{3,4}");
        }
    }

    @Test
    void readerThatComesBackMissesNothingAndGetsNothingTwice() {
        String known = revision(save("known"));
        save("missed 1");
        save("missed 2");
        try (EventReader events = http().events("Last-Event-ID", known)) {
            assertThat(events.next().value()).isEqualTo("missed 1");
            assertThat(events.next().value()).isEqualTo("missed 2");
            save("new");
            assertThat(events.next().value()).isEqualTo("new");
        }
    }

    @Test
    void readerThatKnowsTheCurrentVersionGetsOnlyNewOnes() {
        String known = revision(save("known"));
        try (EventReader events = http().events("Last-Event-ID", known)) {
            save("new");
            assertThat(events.next().value()).isEqualTo("new");
        }
    }

    @Test
    void readerThatWasAwayForLongGetsTheCurrentState() {
        String known = revision(save("long ago"));
        LongStream.rangeClosed(1, VERSIONS_BEHIND_MAX + 1).forEach(i -> save("meanwhile " + i));
        try (EventReader events = http().events("Last-Event-ID", known)) {
            assertThat(events.next().version()).isEqualTo(currentVersion());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999-1", "999999999999999-999999999999999"})
    void lastEventIdFromTheFutureIsAnsweredWithTheCurrentState(String lastEventId) {
        save("current");
        try (EventReader events = http().events("Last-Event-ID", lastEventId)) {
            assertThat(events.next().value()).isEqualTo("current");
            save("next");
            assertThat(events.next().value()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "-1", "1.0", "1", "9999999999999999999999-1", "1-99999999999999999999", "0x10-1", "1-0,2-0"
            })
    void lastEventIdThatIsNoneCountsForNothing(String lastEventId) {
        save("current");
        try (EventReader events = http().events("Last-Event-ID", lastEventId)) {
            assertThat(events.next().value()).isEqualTo("current");
        }
    }

    @Test
    void everyStreamIsToldWhenItsStateWasConfirmed() {
        try (EventReader events = http().events()) {
            events.next();
            Instant first = confirmedAt(events.nextBlock());
            Instant second = confirmedAt(events.nextBlock());
            assertThat(second).isAfterOrEqualTo(first);
            save("after two confirmations");
            assertThat(events.next().value()).isEqualTo("after two confirmations");
        }
    }

    @Test
    void streamsAreBoundedAndTheOneTooManyIsToldSo() {
        awaitOpenStreams(0);
        try (EventReader first = http().events();
                EventReader second = http().events();
                EventReader third = http().events()) {
            first.next();
            second.next();
            third.next();
            Answer refused = http().get("/events");
            assertProblem(refused, 503, "too-many-streams");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
        }
        awaitOpenStreams(0);
        try (EventReader events = http().events()) {
            assertThat(events.head().status()).isEqualTo(200);
        }
    }

    @Test
    void streamOfAReaderThatLeftIsForgotten() {
        awaitOpenStreams(0);
        try (EventReader events = http().events()) {
            events.next();
            assertThat(streams.openCount()).isEqualTo(1);
        }
        awaitOpenStreams(0);
    }

    @Test
    void headOpensNoStream() {
        awaitOpenStreams(0);
        for (int i = 0; i <= STREAMS_MAX; i++) {
            Answer answer = http().send("HEAD", "/events", BodyPublishers.noBody());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
        }
        awaitOpenStreams(0);
    }

    @Test
    void readerThatDoesNotReadIsDroppedAndCounted() throws IOException {
        awaitOpenStreams(0);
        long before = streams.droppedCount();
        try (RawConnection stuck = new RawConnection(server.getPort(), 4096)) {
            stuck.send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        save("x".repeat(4096));
                        return streams.droppedCount() > before;
                    });
            awaitOpenStreams(0);
        }
    }

    @Test
    void browserThatAcceptsOnlyEventsGetsThem() {
        try (EventReader events = http().events("Accept", "text/event-stream")) {
            assertThat(events.head().status()).isEqualTo(200);
        }
    }

    private static Instant confirmedAt(String block) {
        assertThat(block).matches("event: confirmed\ndata: \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        return Instant.parse(block.substring(block.lastIndexOf(' ') + 1));
    }

    private static String revision(Answer saved) {
        String tag = saved.entityTag();
        return tag.substring(1, tag.lastIndexOf('-'));
    }

    private void awaitOpenStreams(int count) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> streams.openCount() == count);
    }
}
