package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.savedstring.web.ProblemAssert.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** {@code GET /history} and {@code POST /history/{version}/restore}. */
class HistoryTest extends ServiceTest {

    private static final int VERSIONS_MAX = 70;

    @Override
    protected Map<String, String> settings() {
        return Map.of("saved-string.history-versions-max", String.valueOf(VERSIONS_MAX));
    }

    @BeforeAll
    void writeMoreThanIsKept() {
        IntStream.rangeClosed(1, VERSIONS_MAX + 5).forEach(number -> save("value " + number));
    }

    @Test
    void olderVersionsAreAskedForByTheOldestThatIsKnown() {
        save("first");
        save("second");
        long newest = save("third").json().path("version").asLong();
        assertThat(http().get("/history?limit=1&before=" + newest, KEY)
                        .json()
                        .get(0)
                        .path("value")
                        .textValue())
                .isEqualTo("second");
        assertThat(http().get("/history?before=1", KEY).json()).isEmpty();
        assertThat(http().get("/history?before=x", KEY).status()).isEqualTo(400);
    }

    /** Too many to be made at once. */
    @Test
    void whatIsMadeWhileItIsSentIsWholeAndInOrder() throws IOException {
        long newest = currentVersion();
        for (String protocol : List.of("1.1\r\nHost: test\r\nConnection: close", "1.0")) {
            try (HttpConnection connection = rawConnection()) {
                connection.send(
                        "GET /history?limit=1000 HTTP/" + protocol + "\r\nX-API-Key: " + TestKeys.WRITER + "\r\n\r\n");
                Answer answer = protocol.equals("1.0") ? connection.untilClosed() : connection.answer();
                assertThat(answer.header("Transfer-Encoding")).isEqualTo(protocol.equals("1.0") ? "" : "chunked");
                assertThat(answer.json())
                        .extracting(version -> version.path("version").asLong())
                        .containsExactlyElementsOf(LongStream.rangeClosed(0, VERSIONS_MAX - 1)
                                .map(older -> newest - older)
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void showsTheLastVersionsNewestFirst() {
        String newest = http().get("/", "Accept", "application/json").text();
        List<JsonNode> versions = history("/history?limit=3");
        assertThat(versions).hasSize(3);
        assertThat(versions.getFirst()).hasToString(newest);
        assertThat(versions)
                .extracting(version -> version.path("version").asLong())
                .containsExactly(currentVersion(), currentVersion() - 1, currentVersion() - 2);
    }

    @Test
    void shows20UnlessToldOtherwiseAndNoMoreThanAreKept() {
        assertThat(history("/history")).hasSize(20);
        assertThat(history("/history?limit=1")).hasSize(1);
        assertThat(history("/history?limit=1000")).hasSize(VERSIONS_MAX);
    }

    @Test
    void saysWhichKeyWroteWhatAndWhen() {
        http().put("by other", "X-API-Key", TestKeys.OTHER);
        save("by writer");
        assertThat(history("/history?limit=2"))
                .extracting(version -> version.path("updatedBy").textValue() + ": "
                        + version.path("value").textValue())
                .containsExactly("writer: by writer", "other: by other");
        assertThat(history("/history?limit=2"))
                .allSatisfy(version ->
                        assertThat(version.path("updatedAt").textValue()).endsWith("Z"));
    }

    @Test
    void textThatIsTakenOutIsGoneAndCannotBeRestoredButItsAuthorStays() {
        long version = save("a secret").json().path("version").asLong();
        assertProblem(http().send("DELETE", "/history/" + version, KEY), 409, "current-version");
        save("harmless");
        assertThat(http().send("DELETE", "/history/" + version, KEY).status()).isEqualTo(200);
        JsonNode removed = history("/history?limit=2").getLast();
        assertThat(removed.path("value").textValue()).isEmpty();
        assertThat(removed.path("version").asLong()).isEqualTo(version);
        assertThat(removed.path("updatedBy").textValue()).isEqualTo("writer");
        assertProblem(http().post("/history/" + version + "/restore", KEY), 404, "no-such-version");
    }

    @Test
    void neverShowsAKeyAndIsKeptByNoCache() {
        Answer answer = http().get("/history", KEY);
        assertThat(answer.text()).doesNotContain("sstr_");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1001", "1000000", "99999999999999999999", "x", "1.5", "", "%20", "٣", "+1", "0x1"})
    void limitOutOfRangeIsRefused(String limit) {
        assertProblem(http().get("/history?limit=" + limit.replace("٣", "%D9%A3"), KEY), 400, "limit-out-of-range");
    }

    @Test
    void needsAKey() {
        assertProblem(http().get("/history"), 401, "key-missing");
        assertProblem(http().get("/history?limit=0"), 401, "key-missing");
        assertProblem(http().get("/history", "X-API-Key", "wrong"), 401, "key-unknown");
    }

    @Test
    void restoreWritesTheOldValueAsANewVersion() {
        long old = save("to be restored").json().path("version").asLong();
        save("something else");
        Answer answer = http().post("/history/" + old + "/restore", "X-API-Key", TestKeys.OTHER);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("value").textValue()).isEqualTo("to be restored");
        assertThat(answer.json().path("version").asLong()).isEqualTo(old + 2);
        assertThat(answer.json().path("updatedBy").textValue()).isEqualTo("other");
        assertThat(answer.entityTag())
                .isEqualTo(http().get("/", "Accept", "application/json").entityTag());
        assertThat(current()).isEqualTo("to be restored");
    }

    @Test
    void restoreHonoursIfMatch() {
        String stale = save("first").entityTag();
        Answer current = save("second");
        String path = "/history/" + current.json().path("version").asLong() + "/restore";
        assertProblem(http().post(path, withKey("If-Match", stale)), 412, "not-current");
        assertProblem(http().post(path, withKey("If-Match", "rubbish")), 400, "malformed-if-match");
        assertThat(http().post(path, withKey("If-Match", current.entityTag())).status())
                .isEqualTo(200);
    }

    @Test
    void restoreNeedsAKey() {
        long before = currentVersion();
        assertProblem(http().post("/history/" + before + "/restore"), 401, "key-missing");
        assertThat(currentVersion()).isEqualTo(before);
    }

    @Test
    void versionThatIsNotKeptCannotBeRestored() {
        long before = currentVersion();
        for (String version : new String[] {"0", "1", "999999", "999999999999999"}) {
            assertProblem(http().post("/history/" + version + "/restore", KEY), 404, "no-such-version");
        }
        assertThat(currentVersion()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "99999999999999999999", "%20", "1-0"})
    void versionThatIsNoNumberIsRefused(String version) {
        assertProblem(http().post("/history/" + version + "/restore", KEY), 400, "malformed-version");
    }

    private List<JsonNode> history(String path) {
        return StreamSupport.stream(http().get(path, KEY).json().spliterator(), false)
                .toList();
    }
}
