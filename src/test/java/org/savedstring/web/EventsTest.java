package org.savedstring.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.savedstring.web.ProblemAssert.assertProblem;

import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.live.EventStreams;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.HttpConnection;

/** {@code GET /events}. */
class EventsTest extends ServiceTest {

    private static final int STREAMS_MAX = 3;
    private static final int STREAMS_PER_CLIENT_MAX = 2;
    private static final String CLIENT = "X-Forwarded-For";
    private static final String REQUEST = "GET /events HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final int VERSIONS_BEHIND_MAX = 20;

    @Inject
    EventStreams streams;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.events.heartbeat", "200ms",
                "saved-string.events.streams-max", String.valueOf(STREAMS_MAX),
                "saved-string.events.streams-per-client-max", String.valueOf(STREAMS_PER_CLIENT_MAX),
                "saved-string.http.trusted-proxies", "1",
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

    /** On a machine that stands still a stream ends by itself, so another may have to show it. */
    @Test
    void oneStreamBringsManyVersions() {
        await().until(() -> versionsOfOneStream(3), count -> count == 3);
    }

    private int versionsOfOneStream(int max) throws IOException {
        int count = 0;
        try (EventReader events = http().events()) {
            for (String block = events.block(); block != null && count < max; block = events.block()) {
                if (block.startsWith("id: ")) {
                    count++;
                    save("version " + count);
                }
            }
        }
        return count;
    }

    @Test
    void readerIsToldHowSoonToComeBack() throws IOException {
        try (EventReader events = http().events()) {
            assertThat(events.block()).matches("retry: \\d{3,4}");
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
    void everyStreamIsToldWhenItsStateWasConfirmed() throws IOException {
        try (EventReader events = http().events()) {
            events.next();
            Instant first = confirmedAt(events.block());
            Instant second = confirmedAt(events.block());
            assertThat(second).isAfterOrEqualTo(first);
            save("after two confirmations");
            assertThat(events.next().value()).isEqualTo("after two confirmations");
        }
    }

    @Test
    void streamsAreBoundedAndTheOneTooManyIsToldSo() {
        awaitOpenStreams(0);
        try (EventReader first = http().events(CLIENT, "192.0.2.1");
                EventReader second = http().events(CLIENT, "192.0.2.2");
                EventReader third = http().events(CLIENT, "192.0.2.3")) {
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
    void streamsOfOneClientAreBoundedWhereverItPretendsToBe() {
        awaitOpenStreams(0);
        try (EventReader first = http().events(CLIENT, "198.51.100.1, 2001:db8:1:2::3");
                EventReader second = http().events(CLIENT, "198.51.100.2, 2001:db8:1:2::4")) {
            first.next();
            second.next();
            Answer refused = http().get("/events", CLIENT, "198.51.100.3, 2001:db8:1:2::5");
            assertProblem(refused, 429, "too-many-streams-of-client");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            try (EventReader other = http().events(CLIENT, "2001:db8:1:3::3")) {
                assertThat(other.head().status()).isEqualTo(200);
            }
        }
        awaitOpenStreams(0);
    }

    @Test
    void whatWasMissedComesWithoutItsAuthorAndWhatIsCurrentWithIt() {
        String known = revision(save("known"));
        save("missed");
        save("current");
        try (EventReader events = http().events("Last-Event-ID", known)) {
            assertThat(events.next().json().path("updatedBy").isNull()).isTrue();
            assertThat(events.next().json().path("updatedBy").asText()).isEqualTo("writer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, deflate, br, zstd", "*"})
    void streamIsNeverCompressed(String codings) {
        save("plain");
        try (EventReader events = http().events("Accept-Encoding", codings)) {
            assertThat(events.head().headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(events.next().value()).isEqualTo("plain");
        }
    }

    @Test
    void anyWebPageMayFollow() {
        try (EventReader events = http().events("Origin", "https://elsewhere.example")) {
            assertThat(events.head().header("Access-Control-Allow-Origin")).isEqualTo("*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events?", "/events?utm_campaign=50%", "/events?a=x|y&b"})
    void queryIsNobodysError(String target) throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send(REQUEST.replace("/events", target));
            assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void clientOfTheOldVersionGetsNoChunks() throws IOException {
        save("old");
        try (HttpConnection connection = rawConnection()) {
            connection.send(REQUEST.replace("1.1", "1.0"));
            assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
            String line = connection.line();
            while (!line.isEmpty()) {
                assertThat(line).doesNotContain("chunked");
                line = connection.line();
            }
            assertThat(connection.line()).startsWith("retry: ");
        }
    }

    @Test
    void streamBeginsOnceWhatWasAskedBeforeIsAnswered() throws IOException {
        save("before");
        String ask = "PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + KEY[1] + "\r\nContent-Length: 6\r\n\r\nbehind";
        try (HttpConnection connection = rawConnection()) {
            connection.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n" + ask + REQUEST + ask);
            assertThat(connection.answer().text()).contains("before");
            assertThat(connection.answer().status()).isEqualTo(200);
            assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
            String line = connection.line();
            while (!line.startsWith("data: ")) {
                line = connection.line();
            }
            assertThat(line).contains("behind");
        }
    }

    @Test
    void readerThatEndsItsSideHasLeft() throws IOException {
        awaitOpenStreams(0);
        try (HttpConnection connection = rawConnection()) {
            connection.send(REQUEST);
            awaitOpenStreams(1);
            connection.endOfInput();
            awaitOpenStreams(0);
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
            Answer answer = http().send("HEAD", "/events");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
        }
        awaitOpenStreams(0);
    }

    @Test
    void readerThatDoesNotReadIsDroppedAndCounted() throws IOException {
        awaitOpenStreams(0);
        long before = streams.droppedCount();
        try (HttpConnection stuck = new HttpConnection(HttpConnection.local(server.getPort()), 4096)) {
            stuck.send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
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

    private static Instant confirmedAt(@Nullable String block) {
        assertThat(block).matches("event: confirmed\ndata: \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        return Instant.parse(requireNonNull(block).substring(block.lastIndexOf(' ') + 1));
    }

    private static String revision(Answer saved) {
        String tag = saved.entityTag();
        return tag.substring(1, tag.lastIndexOf('-'));
    }

    private void awaitOpenStreams(int count) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> streams.openCount() == count);
    }
}
