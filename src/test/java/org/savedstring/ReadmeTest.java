package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.Http;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/** What the README tells to type is typed, and what it says is answered. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final String ADDRESS = "http://localhost:8080/";
    /** Stands for anything. */
    private static final String ANYTHING = "…";

    private static final int LINES_MIN = 15;
    private static final Pattern ROW = Pattern.compile("^\\|(.+)\\|(.+)\\|(.+)\\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern SETTING = Pattern.compile("(SAVED_STRING_\\w+)=(\\S+)");
    private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    /** A line of the table: what to type, and what is answered. */
    private record Line(String command, String answer) {}

    @Test
    void everyLineAnswersAsTheReadmeSays() throws IOException {
        List<Line> lines = lines(section("Use it"));
        assertThat(lines).hasSizeGreaterThanOrEqualTo(LINES_MIN);
        try (ServiceInstance service = ServiceInstance.start(settings("embedded"));
                Http http = service.http()) {
            String key = service.key();
            for (Line line : lines) {
                assertAnswer(line, http.port(), key);
            }
        }
    }

    @Test
    void theStartPrintsWhatTheReadmeShows() throws IOException {
        try (ServiceInstance service = ServiceInstance.start(settings("embedded"));
                Http http = service.http()) {
            service.key();
            String shown = codeBlockWith("Open " + ADDRESS).replace(":8080", ":" + http.port());
            assertThat(service.out()).containsPattern(regex(shown.strip()));
        }
    }

    @Test
    void theSettingsForValkeyStartTheServiceWithIt() throws IOException {
        try (ValkeyServer valkey = ValkeyServer.start()) {
            Map<String, String> settings = SETTING.matcher(codeBlockWith("SAVED_STRING_STORE=valkey"))
                    .results()
                    .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
            assertThat(settings.put("SAVED_STRING_VALKEY_ADDRESS", valkey.address()))
                    .isEqualTo("localhost:6379");
            Path keys = directory.resolve("keys");
            Files.writeString(keys, TestKeys.line("alice", TestKeys.WRITER));
            assertThat(settings.put("SAVED_STRING_KEYS_FILE", keys.toString())).isEqualTo("data/api-keys");

            try (ServiceInstance service = ServiceInstance.start(settings);
                    Http http = service.http()) {
                assertThat(http.put("kept in Valkey", "X-API-Key", TestKeys.WRITER)
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    /** Runs the line in a shell, as people do; what goes on answering, as events do, is ended once it has said enough. */
    private void assertAnswer(Line line, int port, String key) throws IOException {
        String command = line.command().replace(":8080", ":" + port);
        Path out = Files.createTempFile(directory, "answer", "");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("KEY", key);
        Process curl = builder.start();
        try {
            Pattern expected = regex(line.answer());
            await(command).atMost(ANSWER_MAX).until(() -> matches(expected, out) || !curl.isAlive());
            assertThat(Files.readString(out)).as(command).matches(expected);
        } finally {
            curl.destroyForcibly();
        }
    }

    private static boolean matches(Pattern expected, Path out) throws IOException {
        return expected.matcher(Files.readString(out)).matches();
    }

    private static Map<String, String> settings(String store) {
        return Map.of("SAVED_STRING_STORE", store);
    }

    /** In the order of the table, for each changes what the next ones answer. */
    private static List<Line> lines(String table) {
        List<Line> lines = new ArrayList<>();
        ROW.matcher(table).results().forEach(row -> {
            String command = row.group(2).strip().equals("the same again")
                    ? lines.getLast().command()
                    : firstCode(row.group(2));
            if (command.startsWith("curl ")) {
                lines.add(new Line(command, firstCode(row.group(3))));
            }
        });
        return lines;
    }

    private static String firstCode(String cell) {
        return CODE.matcher(cell)
                .results()
                .map(code -> code.group(1))
                .findFirst()
                .orElse("");
    }

    private static Pattern regex(String text) {
        return Pattern.compile(
                Stream.of(text.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    private static String section(String title) throws IOException {
        return Stream.of(Files.readString(README).split("(?m)^## "))
                .filter(section -> section.startsWith(title + "\n"))
                .findFirst()
                .orElseThrow();
    }

    private static String codeBlockWith(String part) throws IOException {
        return Pattern.compile("^```\n(.+?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(README))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow();
    }
}
