package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.Http;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;

/** The end of a process, sudden or not. */
class DurabilityTest {

    private static final String[] KEY = {"X-API-Key", TestKeys.WRITER};

    @TempDir
    private Path directory;

    @Test
    void killRightAfterAnAnsweredWriteLosesNothing() throws IOException {
        for (int round = 1; round <= 2; round++) {
            Answer answered;
            try (ServiceInstance service = ServiceInstance.start(settings());
                    Http http = service.http()) {
                for (int i = 0; i < 50; i++) {
                    http.put("earlier " + i, KEY);
                }
                answered = http.put("the last before kill " + round, KEY);
                service.kill();
            }
            assertThat(answered.status()).isEqualTo(200);
            try (ServiceInstance service = ServiceInstance.start(settings());
                    Http http = service.http()) {
                assertThat(http.get("/", "Accept", "application/json").text()).isEqualTo(answered.text());
            }
        }
    }

    @Test
    void terminationServesOnThenEndsStreamsCleanlyAndLosesNothing() throws IOException {
        try (ServiceInstance service = ServiceInstance.start(settings());
                Http http = service.http();
                EventReader events = http.events()) {
            http.put("before", KEY);
            while (!events.next().value().equals("before")) {
                // The initial one may come first.
            }
            service.terminate();
            org.awaitility.Awaitility.await()
                    .until(() -> http.get("/health/readiness").status() == 503);
            assertThat(http.get("/health/liveness").status()).isEqualTo(200);
            Answer drained = http.put("while draining", KEY);
            assertThat(drained.status()).isEqualTo(200);
            assertThat(drained.header("Connection")).isEqualTo("close");
            assertThat(http.get("/", "Accept", "text/plain").text()).isEqualTo("while draining");
            assertThat(events.next().value()).isEqualTo("while draining");
            assertThat(events.endsCleanly()).isTrue();
            assertThat(service.awaitExit()).isEqualTo(143);
            assertThat(service.err()).isEmpty();
        }
        try (ServiceInstance service = ServiceInstance.start(settings());
                Http http = service.http()) {
            assertThat(http.get("/", "Accept", "text/plain").text()).isEqualTo("while draining");
        }
    }

    @Test
    void runWithoutAKeyFileMakesAKeyAndShowsHowToUseIt() {
        Map<String, String> withoutKeys = Map.of(
                "SAVED_STRING_STORE",
                "embedded",
                "SAVED_STRING_EMBEDDED_FILE",
                directory.resolve("laptop.store").toString());
        try (ServiceInstance service = ServiceInstance.start(withoutKeys);
                Http http = service.http()) {
            org.awaitility.Awaitility.await().until(() -> service.out().contains("curl -X PUT"));
            var key = java.util.regex.Pattern.compile("X-API-Key: (sstr_[A-Za-z0-9_-]{43})'")
                    .matcher(service.out());
            assertThat(key.find()).isTrue();
            Answer answer = http.put("hello world", "X-API-Key", key.group(1));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(http.put("x", KEY).status()).isEqualTo(401);
        }
    }

    private Map<String, String> settings() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER));
        return Map.of(
                "SAVED_STRING_STORE",
                "embedded",
                "SAVED_STRING_EMBEDDED_FILE",
                directory.resolve("string.store").toString(),
                "SAVED_STRING_DRAIN_DELAY",
                "5s",
                "SAVED_STRING_KEYS_FILE",
                keys.toString());
    }
}
