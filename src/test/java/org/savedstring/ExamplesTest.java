package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Http;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TcpProxy;

/** The programs in examples/ do what they say, with the real service; a language that this machine lacks is skipped. */
class ExamplesTest {

    private static final Duration HANG = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static ServiceInstance service;
    private static Http http;
    private static String key;

    enum Language {
        SHELL("bash", "saved-string.sh"),
        PYTHON("python3", "saved_string.py"),
        JAVASCRIPT("node", "saved-string.mjs"),
        JAVA(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "SavedString.java");

        private final String program;
        private final Path example;

        Language(String program, String example) {
            this.program = program;
            this.example = Path.of("examples", example).toAbsolutePath();
        }

        private boolean isInstalled() {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
        }

        private Run run(int port, String... arguments) throws IOException {
            assumeTrue(isInstalled(), program + " is not installed");
            List<String> command = new ArrayList<>(List.of(program, example.toString()));
            command.addAll(List.of(arguments));
            Path out = Files.createTempFile(directory, "out", "");
            Path err = Files.createTempFile(directory, "err", "");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(Map.of("URL", "http://127.0.0.1:" + port + "/", "KEY", key));
            return new Run(builder.start(), out, err);
        }
    }

    private record Run(Process process, Path outFile, Path errFile) {

        int exitCode() {
            await("the end").atMost(HANG).until(() -> !process.isAlive());
            return process.exitValue();
        }

        List<String> out() throws IOException {
            return Files.readAllLines(outFile);
        }

        String err() throws IOException {
            return Files.readString(errFile);
        }
    }

    @BeforeAll
    static void start() {
        Map<String, String> settings = Map.of(
                "SAVED_STRING_STORE", "embedded",
                "SAVED_STRING_EVENTS_HEARTBEAT", "1s");
        service = ServiceInstance.start(settings);
        http = service.http();
        key = service.key();
    }

    @AfterAll
    static void stop() {
        http.close();
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void readsTheString(Language language) throws IOException {
        save("read — €");
        Run read = language.run(http.port(), "read");
        assertThat(read.exitCode()).as(read.err()).isZero();
        assertThat(read.out()).containsExactly(currentTag(), "read — €");
    }

    @ParameterizedTest
    @EnumSource
    void changesTheStringOnlyIfNobodyElseDid(Language language) throws IOException {
        save("before");
        String tag = currentTag();
        Run change = language.run(http.port(), "change", tag, "@héllo 'there'");
        assertThat(change.exitCode()).as(change.err()).isZero();
        assertThat(change.out()).singleElement().asString().contains("\"@héllo 'there'\"");
        assertThat(current()).isEqualTo("@héllo 'there'");

        Run late = language.run(http.port(), "change", tag, "too late");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("urn:saved-string:problem:not-current");
        assertThat(current()).isEqualTo("@héllo 'there'");
    }

    @ParameterizedTest
    @EnumSource
    void followsWithoutAGapOverALostConnection(Language language) throws IOException {
        long version = save("here");
        int port = Ports.free();
        TcpProxy way = way(port);
        Run follow = language.run(port, "follow");
        try {
            awaitVersions(follow, version, version);
            way.close();
            save("while");
            save("it was");
            save("away");
            way = way(port);
            awaitVersions(follow, version, version + 3);
            save("and here again");
            awaitVersions(follow, version, version + 4);
        } finally {
            follow.process().destroyForcibly();
            way.close();
        }
    }

    private static void awaitVersions(Run follow, long first, long last) {
        List<String> expected = LongStream.rangeClosed(first, last)
                .mapToObj(version -> "\"version\":" + version + ",")
                .toList();
        await("versions " + first + " to " + last)
                .atMost(HANG)
                .failFast(() ->
                        assertThat(follow.process().isAlive()).as(follow.err()).isTrue())
                .untilAsserted(() -> assertThat(follow.out())
                        .hasSize(expected.size())
                        .zipSatisfy(expected, (line, number) -> assertThat(line).contains(number)));
    }

    private static TcpProxy way(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new TcpProxy(loopback, port, new InetSocketAddress(loopback, http.port()));
    }

    private static long save(String value) {
        Answer answer = http.put(value, "X-API-Key", key);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.version();
    }

    private static String current() {
        return http.get("/", "Accept", "text/plain").text();
    }

    private static String currentTag() {
        return http.get("/", "Accept", "text/plain").entityTag();
    }
}
