package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.Http;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;

/** Every attempt to change the string leaves a line in the log, for people or for programs. */
class LogTest {

    private static final String STALE = "\"0-0-json\"";

    @TempDir
    private Path directory;

    @Test
    void eachLineForProgramsIsJsonWithAFieldForEachFact() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : logOfAttempts("json").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }

        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.fieldNames()).toIterable().contains("time", "level", "logger", "message"));
        JsonNode saved = lineWith(lines, "saved");
        assertThat(saved.path("level").asText()).isEqualTo("INFO");
        assertThat(saved.path("by").asText()).isEqualTo("writer");
        assertThat(saved.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(saved.path("version").isNumber()).isTrue();
        assertThat(saved.path("bytes").asInt()).isEqualTo("secret plan".length());
        JsonNode refused = lineWith(lines, "conflict");
        assertThat(refused.path("level").asText()).isEqualTo("WARN");
        assertThat(refused.path("reason").asText()).startsWith("the current revision is ");
    }

    @Test
    void linesForPeopleSayTheSame() throws IOException {
        assertThat(logOfAttempts("text"))
                .containsPattern("INFO .* saved outcome=\"saved\" by=\"writer\" bytes=\"11\" address=\"127.0.0.1\""
                        + " version=\"1\"\n")
                .containsPattern(
                        "WARN .* not saved outcome=\"conflict\" by=\"writer\" .*reason=\"the current revision");
    }

    @Test
    void whoReadsTheHistoryAndWhoIsNotLetInCostsALineASecondAtMost() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.file());
        Map<String, String> settings = Map.of(
                "SAVED_STRING_STORE", "embedded",
                "SAVED_STRING_KEYS_FILE", keys.toString(),
                "SAVED_STRING_LOG_FORMAT", "json");
        long startedAtNanos = System.nanoTime();
        try (ServiceInstance service = ServiceInstance.start(settings);
                Http http = service.http()) {
            for (int i = 0; i < 300; i++) {
                http.get("/history", "X-API-Key", "sstr_wrong");
                http.get("/history", "X-API-Key", TestKeys.WRITER_ONLY);
                http.get("/history", "X-API-Key", TestKeys.READER);
            }
            double seconds = (System.nanoTime() - startedAtNanos) / 1e9;
            assertFewLines(service, "\"outcome\":\"key-unknown\"", seconds);
            assertFewLines(service, "\"outcome\":\"insufficient-scope\".*\"by\":\"publisher\"", seconds);
            assertFewLines(service, "\"message\":\"history read\",\"by\":\"reader\",\"versions\":0,", seconds);
            assertThat(service.out()).doesNotContain("sstr_");
        }
    }

    @Test
    void readersOfTheHistoryWhoLeaveLeaveNoTraceOfTheProgram() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.file());
        Map<String, String> settings =
                Map.of("SAVED_STRING_STORE", "embedded", "SAVED_STRING_KEYS_FILE", keys.toString());
        String request = "GET /history?limit=1000 HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.READER + "\r\n\r\n";
        try (ServiceInstance service = ServiceInstance.start(settings);
                Http http = service.http()) {
            for (int i = 0; i < 200; i++) {
                http.put("x".repeat(4_000), "X-API-Key", TestKeys.WRITER);
            }
            for (int i = 0; i < 200; i++) {
                try (var reader = new HttpConnection(service.address(), 4_096)) {
                    assertThat(reader.send(request).line()).contains(" 200 ");
                }
            }
            assertThat(http.get("/history?limit=1000", "X-API-Key", TestKeys.READER)
                            .json())
                    .hasSize(200);
            assertThat(service.log()).contains("history read").doesNotContain("\tat ", "Exception");
        }
    }

    private static void assertFewLines(ServiceInstance service, String line, double seconds) {
        long lines = Pattern.compile(line).matcher(service.out()).results().count();
        assertThat(lines).as(line).isBetween(1L, (long) seconds + 1);
    }

    /** All that the service says of four attempts, of which one isn't let in and one is refused before it is tried. */
    private String logOfAttempts(String format) throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER));
        Map<String, String> settings = Map.of(
                "SAVED_STRING_STORE",
                "embedded",
                "SAVED_STRING_KEYS_FILE",
                keys.toString(),
                "SAVED_STRING_LOG_LEVEL",
                "info",
                "SAVED_STRING_LOG_FORMAT",
                format);
        try (ServiceInstance service = ServiceInstance.start(settings);
                Http http = service.http()) {
            http.put("secret plan", "X-API-Key", TestKeys.WRITER);
            http.put("another plan", "X-API-Key", TestKeys.WRITER, "If-Match", STALE);
            http.put("plan without a key", "X-API-Key", "sstr_wrong");
            http.put("plan too long".repeat(1_000), "X-API-Key", TestKeys.WRITER);
            assertThat(service.out()).doesNotContain("plan", "sstr_", "\tat ");
            // What people are told at the start, apart from the log, begins otherwise.
            String log = service.out()
                    .lines()
                    .filter(line -> line.matches("(\\{|\\d{4}-).*"))
                    // Said by a machine that has too much to do.
                    .filter(line -> !line.contains("event streams end"))
                    // Said where the kernel has no io_uring for it.
                    .filter(line -> !line.contains("io_uring"))
                    .collect(Collectors.joining("\n", "", "\n"));
            assertThat(log).hasLineCount(4);
            return log;
        }
    }

    private static JsonNode lineWith(List<JsonNode> lines, String outcome) {
        return lines.stream()
                .filter(line -> line.path("outcome").asText().equals(outcome))
                .findFirst()
                .orElseThrow();
    }
}
