package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.TestKeys;

/** Keys come and go without a restart. */
class KeysTest extends ServiceTest {

    private static final String NEW = "sstr_" + "n".repeat(43);

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
            files().replaceKeys(bad);
            assertStaysValidOverTwoLooks();
        }
        Files.delete(files().keys());
        assertStaysValidOverTwoLooks();
        files().replaceKeys(TestKeys.line("new", NEW));
        awaitStatus(NEW, 200);
        awaitStatus(TestKeys.WRITER, 401);
    }

    @Test
    void allKeysCanBeRevoked() {
        files().replaceKeys("# nobody\n");
        awaitStatus(TestKeys.WRITER, 401);
        awaitStatus(TestKeys.OTHER, 401);
    }

    /** Long enough for the file to be looked at twice, each second. */
    private void assertStaysValidOverTwoLooks() {
        await().during(Duration.ofMillis(2_100))
                .atMost(Duration.ofSeconds(10))
                .until(() -> status(TestKeys.WRITER) == 200);
    }

    private void awaitStatus(String key, int status) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status(key) == status);
    }

    private int status(String key) {
        return http().get("/history?limit=1", "X-API-Key", key).status();
    }
}
