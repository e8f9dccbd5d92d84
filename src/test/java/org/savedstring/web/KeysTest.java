package org.savedstring.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.savedstring.web.ProblemAssert.assertProblem;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.TestKeys;

/** Keys come and go without a restart. */
class KeysTest extends ServiceTest {

    private static final String NEW = "sstr_" + "n".repeat(43);

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void bothKeysAreValid() {
        files().replaceKeys(TestKeys.file());
        awaitStatus(TestKeys.WRITER, 200);
        awaitStatus(TestKeys.OTHER, 200);
        awaitStatus(NEW, 401);
    }

    @Test
    void keyThatIsAddedBecomesValidAndOneThatIsRemovedStopsBeingSo() {
        files().replaceKeys(TestKeys.line("writer", TestKeys.WRITER) + TestKeys.line("new", NEW));
        awaitStatus(NEW, 200);
        awaitStatus(TestKeys.OTHER, 401);
        awaitStatus(TestKeys.WRITER, 200);
        assertThat(http().put("by the new one", "X-API-Key", NEW)
                        .json()
                        .path("updatedBy")
                        .textValue())
                .isEqualTo("new");
        assertThat(http().get("/history", "X-API-Key", TestKeys.OTHER).status()).isEqualTo(401);
    }

    @Test
    void unreadableNewFileKeepsTheLastGoodOne() throws IOException {
        for (String bad : new String[] {
            "rubbish", "", "writer " + "0".repeat(63), TestKeys.file() + "writer " + "0".repeat(64), "x".repeat(2 << 20)
        }) {
            assertKeepsLastGoodKeys(() -> files().replaceKeys(bad));
        }
        assertKeepsLastGoodKeys(() -> Files.delete(files().keys()));
        files().replaceKeys(TestKeys.line("new", NEW));
        awaitStatus(NEW, 200);
        awaitStatus(TestKeys.WRITER, 401);
    }

    @Test
    void keyThatIsRemovedStopsBeingValidEvenIfAnotherLineIsWrong() {
        files().replaceKeys(TestKeys.line("writer", TestKeys.WRITER) + "al:ice " + "0".repeat(64) + "\n");
        awaitStatus(TestKeys.OTHER, 401);
        assertThat(status(TestKeys.WRITER)).isEqualTo(200);
    }

    @Test
    void aListThatIsRefusedInPartIsSaidToBeWhileRequestsAreServed() {
        double refused = reloads("refused");
        files().replaceKeys(TestKeys.file() + "al:ice " + "0".repeat(64) + "\n");
        await().until(() -> reloads("refused") > refused);
        assertThat(http().get("/health/readiness").text()).isEqualTo("{\"status\":\"UP\",\"apiKeys\":\"REFUSED\"}");
        assertThat(http().get("/health/readiness").status()).isEqualTo(200);
        assertThat(refusedNow()).isEqualTo(1);
        files().replaceKeys(TestKeys.file());
        await().until(() -> refusedNow() == 0);
        assertThat(http().get("/health/readiness").text()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void aLineThatIsNotUtf8SpoilsNoOther() throws IOException {
        Files.write(
                files().keys(),
                ("m\u00fcller " + "0".repeat(64) + "\n" + TestKeys.line("new", NEW)).getBytes(ISO_8859_1));
        awaitStatus(NEW, 200);
        awaitStatus(TestKeys.WRITER, 401);
    }

    @Test
    void aKeyStopsBeingValidWhenItExpires() {
        String soon =
                Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS).toString();
        files().replaceKeys(TestKeys.file() + TestKeys.line("new", NEW, "expires=" + soon));
        awaitStatus(NEW, 200);
        awaitStatus(NEW, 401);
        assertProblem(http().get("/history", "X-API-Key", NEW), 401, "key-expired");
        assertProblem(http().put("late", "X-API-Key", TestKeys.EXPIRED), 401, "key-expired");
    }

    @Test
    void aKeyDoesWhatItIsForAndNothingElse() {
        String one = "/history/" + http().put("one", KEY).json().path("version").asText();
        http().put("two", KEY);
        assertThat(http().get("/history", "X-API-Key", TestKeys.READER).status())
                .isEqualTo(200);
        assertThat(http().put("three", "X-API-Key", TestKeys.WRITER_ONLY).status())
                .isEqualTo(200);

        assertForbidden(http().put("x", "X-API-Key", TestKeys.READER), "write");
        assertForbidden(http().get("/history", "X-API-Key", TestKeys.WRITER_ONLY), "read");
        assertForbidden(http().get("/history?limit=1", "X-API-Key", TestKeys.WRITER_ONLY), "read");
        for (String key : new String[] {TestKeys.READER, TestKeys.WRITER_ONLY}) {
            assertForbidden(http().post(one + "/restore", "X-API-Key", key), "write read");
            assertForbidden(http().send("DELETE", one, "X-API-Key", key), "write read");
        }
        assertThat(http().send("HEAD", "/history", "X-API-Key", TestKeys.WRITER_ONLY)
                        .status())
                .isEqualTo(403);
        assertThat(current()).isEqualTo("three");
    }

    private static void assertForbidden(Answer answer, String scopes) {
        assertProblem(answer, 403, "insufficient-scope");
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"saved-string\", error=\"insufficient_scope\", scope=\"" + scopes + "\"");
    }

    @Test
    void allKeysCanBeRevoked() {
        files().replaceKeys("# nobody\n");
        awaitStatus(TestKeys.WRITER, 401);
        awaitStatus(TestKeys.OTHER, 401);
    }

    private interface Change {
        void make() throws IOException;
    }

    private void assertKeepsLastGoodKeys(Change change) throws IOException {
        double refused = reloads("refused");
        change.make();
        await().until(() -> reloads("refused") > refused);
        assertThat(status(TestKeys.WRITER)).isEqualTo(200);
    }

    private double reloads(String result) {
        return registry.get("saved.string.key.reloads")
                .tag("result", result)
                .counter()
                .count();
    }

    private double refusedNow() {
        return registry.get("saved.string.api.keys.refused").gauge().value();
    }

    private void awaitStatus(String key, int status) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> status(key) == status);
    }

    private int status(String key) {
        return http().get("/history?limit=1", "X-API-Key", key).status();
    }
}
