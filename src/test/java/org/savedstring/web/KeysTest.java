package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
            double loaded = reloads("loaded");
            files().replaceKeys(TestKeys.file() + "# after what was bad: " + loaded + "\n");
            await().until(() -> reloads("loaded") > loaded);
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

    private void awaitStatus(String key, int status) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> status(key) == status);
    }

    private int status(String key) {
        return http().get("/history?limit=1", "X-API-Key", key).status();
    }
}
