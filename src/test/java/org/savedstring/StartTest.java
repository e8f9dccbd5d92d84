package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/** What is wrong with the settings ends the start with one sentence that names the setting. */
class StartTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SAVED_STRING_SOTRE                       | embedded  | SAVED_STRING_SOTRE
            SAVED_STRING_HTTP_PORT                   | eighty    | saved-string.http.port
            SAVED_STRING_HTTP_PORT                   | 70000     | saved-string.http.port
            SAVED_STRING_STORE                       | mysql     | SAVED_STRING_STORE
            SAVED_STRING_STORE                       |           | SAVED_STRING_STORE
            SAVED_STRING_VALUE_BYTES_MAX             | 0         | saved-string.value-bytes-max
            SAVED_STRING_HISTORY_VERSIONS_MAX        | -1        | saved-string.history-versions-max
            SAVED_STRING_EVENTS_HEARTBEAT            | soon      | saved-string.events.heartbeat
            SAVED_STRING_EVENTS_HEARTBEAT            | 0s        | saved-string.events.heartbeat
            SAVED_STRING_EVENTS_STREAMS_MAX          | -1        | saved-string.events.streams-max
            SAVED_STRING_EVENTS_VERSIONS_BEHIND_MAX  | 0         | saved-string.events.versions-behind-max
            SAVED_STRING_HTTP_REQUEST_TIMEOUT        | 0s        | saved-string.http.request-timeout
            SAVED_STRING_HTTP_CONNECTIONS_MAX        | 0         | saved-string.http.connections-max
            SAVED_STRING_HTTP_REQUESTS_OPEN_MAX      | 0         | saved-string.http.requests-open-max
            SAVED_STRING_DRAIN_DELAY                 | -1s       | saved-string.drain.delay
            SAVED_STRING_VALKEY_TIMEOUT              | 5ms       | 10ms to 480ms
            SAVED_STRING_VALKEY_TIMEOUT              | 481ms     | 10ms to 480ms
            SAVED_STRING_LOG_LEVEL                   | off       | saved-string.log.level
            SAVED_STRING_LOG_FORMAT                  | xml       | saved-string.log.format
            SAVED_STRING_KEYS_FILE                   | /missing  | SAVED_STRING_KEYS_FILE
            """)
    void senselessSettingStopsTheStartAndNamesItself(String variable, String value, String named) {
        Map<String, String> settings = new HashMap<>(embedded());
        settings.put(variable, value == null ? "" : value);
        assertRefused(settings, named);
    }

    @Test
    void portThatIsInUseStopsTheStartAndNamesTheSetting() throws IOException {
        try (var other = new java.net.ServerSocket(0)) {
            Map<String, String> settings = new HashMap<>(embedded());
            settings.put("SAVED_STRING_HTTP_PORT", String.valueOf(other.getLocalPort()));
            assertRefused(settings, "port " + other.getLocalPort(), "SAVED_STRING_HTTP_PORT");
        }
    }

    @Test
    void storeMustBeChosen() {
        Map<String, String> settings = new HashMap<>(embedded());
        settings.remove("SAVED_STRING_STORE");
        assertRefused(settings, "SAVED_STRING_STORE");
    }

    @Test
    void valkeyNeedsKeys() {
        assertRefused(
                Map.of("SAVED_STRING_STORE", "valkey", "SAVED_STRING_VALKEY_ADDRESS", "127.0.0.1:" + Ports.free()),
                "SAVED_STRING_KEYS_FILE");
    }

    @Test
    void valkeyNeedsAnAddress() throws IOException {
        assertRefused(valkey(""), "saved-string.valkey.address");
    }

    @Test
    void unreachableValkeyStopsTheStart() throws IOException {
        assertRefused(valkey("127.0.0.1:" + Ports.free()), "SAVED_STRING_VALKEY_ADDRESS");
    }

    @Test
    void fileOfAStoreThatIsOpenElsewhereStopsTheStart() {
        try (ServiceInstance first = ServiceInstance.start(embedded());
                var http = first.http()) {
            assertThat(http.get("/").status()).isEqualTo(200);
            assertRefused(embedded(), "string.store", "another process");
        }
    }

    @Test
    void corruptFileOfAStoreStopsTheStart() throws IOException {
        Files.writeString(directory.resolve("string.store"), "nothing of ours ".repeat(1_000));
        assertRefused(embedded(), "string.store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAVED_STRING_HTTP_PORT", "SAVED_STRING_MANAGEMENT_PORT"})
    void portInUseStopsTheStartAndNamesItsSetting(String variable) throws IOException {
        try (var taken = new ServerSocket(0)) {
            Map<String, String> settings = new HashMap<>(embedded());
            settings.put(variable, Integer.toString(taken.getLocalPort()));
            assertRefused(settings, variable, "port " + taken.getLocalPort(), "Address already in use");
        }
    }

    @Test
    void startWithAKeyFileNamesWhoMayWrite() throws IOException {
        String reader = TestKeys.line("dave", TestKeys.READER, "scope=read");
        assertAnnounced(
                TestKeys.line("alice", TestKeys.WRITER_ONLY, "scope=write")
                        + TestKeys.line("bob", TestKeys.WRITER)
                        + reader
                        + TestKeys.line("erin", TestKeys.EXPIRED, "expires=2026-01-01T00:00:00Z"),
                "the key of alice or bob in KEY");
        assertAnnounced(reader, "so far nobody has one that may change it");
    }

    private void assertAnnounced(String keys, String named) throws IOException {
        try (ServiceInstance service = ServiceInstance.start(withKeys(keys));
                var http = service.http()) {
            String address = "http://localhost:" + http.port() + "/";
            await().untilAsserted(() -> assertThat(service.out()).contains("Open " + address, named, "$KEY\" --data"));
        }
    }

    @Test
    void aLogForProgramsHasNothingElseInIt() throws IOException {
        Map<String, String> settings = withKeys(TestKeys.line("alice", TestKeys.WRITER));
        settings.put("SAVED_STRING_LOG_FORMAT", "json");
        try (ServiceInstance service = ServiceInstance.start(settings);
                var http = service.http()) {
            assertThat(http.get("/").status()).isEqualTo(200);
            assertThat(service.out().lines()).isNotEmpty().allMatch(line -> line.startsWith("{"));
        }
    }

    private Map<String, String> withKeys(String lines) throws IOException {
        Map<String, String> settings = new HashMap<>(embedded());
        settings.put(
                "SAVED_STRING_KEYS_FILE",
                Files.writeString(directory.resolve("keys"), lines).toString());
        return settings;
    }

    private Map<String, String> embedded() {
        return Map.of(
                "SAVED_STRING_STORE",
                "embedded",
                "SAVED_STRING_EMBEDDED_FILE",
                directory.resolve("string.store").toString());
    }

    private Map<String, String> valkey(String address) throws IOException {
        Map<String, String> settings = ValkeyServer.environment(address);
        settings.put("SAVED_STRING_VALKEY_CONNECT_AT_START_TIMEOUT", "1s");
        settings.put(
                "SAVED_STRING_KEYS_FILE",
                Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER))
                        .toString());
        return settings;
    }

    private void assertRefused(Map<String, String> settings, String... named) {
        try (ServiceInstance refused = ServiceInstance.start(settings)) {
            assertThat(refused.awaitExit()).as(refused.out() + refused.err()).isEqualTo(1);
            assertThat(refused.err().strip())
                    .startsWith("Saved String can't start: ")
                    .hasLineCount(1)
                    .contains(named)
                    .doesNotContain("Exception", "\tat ");
            assertThat(refused.out()).doesNotContain("Exception", "\tat ");
        }
    }
}
