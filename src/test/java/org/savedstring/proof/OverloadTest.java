package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Flood;
import org.savedstring.load.Repeated;
import org.savedstring.load.SlowClient;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.Workload.Target;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Cell;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ProcessUsage;
import org.savedstring.machine.ServiceInstance;

/** More than one instance can serve, and clients that are slow on purpose. */
@Tag("cell")
@ExtendWith(SharedCell.class)
class OverloadTest {

    private static final int WRITERS = 5_000;
    private static final int SLOW_CLIENTS = Prove.count(300, 3_000);
    private static final int CONNECTIONS_MAX = Prove.count(500, 7_000);
    private static final int CONNECTIONS_TOO_MANY = 100;
    private static final int SILENT = 1_000;
    private static final int SPARE_CONNECTIONS = 256;
    private static final Duration FLOOD = Duration.ofSeconds(15);
    private static final Duration REQUEST_TIMEOUT = Prove.time(Duration.ofSeconds(2), Duration.ofSeconds(10));
    private static final Load OTHERS = new Load(4, 1, Duration.ofMillis(10));

    private static final byte[] NO_BODY = {};
    private static final int SPARE_FILES = 20;
    private static final int ASKERS = 20;
    private static final int SLOW_READERS = 64;
    private static final int HISTORY_VERSIONS = 1_000;
    private static final String LONG_VALUE = "x".repeat(4_000);
    private static final int SMALL_BUFFER_BYTES = 4_096;
    private static final String MANY_READS = "GET / HTTP/1.1\r\nHost: saved-string.test\r\n\r\n".repeat(200);

    /** Beyond what the system takes for it: {@code MemoryMax} of its unit, which holds it too, is for both. */
    private static final long RESIDENT_MIB_MAX = 480;

    private final Cell cell;
    private final ServiceInstance instance;

    OverloadTest(Cell cell) {
        this.cell = cell;
        this.instance = cell.startInstead(
                ServiceInstance.APPLICATION_UNWATCHED,
                Map.of(
                        "SAVED_STRING_HTTP_REQUEST_TIMEOUT",
                        REQUEST_TIMEOUT.toSeconds() + "s",
                        "SAVED_STRING_HTTP_CONNECTIONS_MAX",
                        String.valueOf(CONNECTIONS_MAX),
                        "SAVED_STRING_HTTP_CONNECTIONS_PER_CLIENT_MAX",
                        String.valueOf(CONNECTIONS_MAX + CONNECTIONS_TOO_MANY),
                        "SAVED_STRING_HTTP_REQUESTS_PER_CLIENT_MAX",
                        String.valueOf(CONNECTIONS_MAX + WRITERS)));
    }

    @BeforeEach
    void start() {
        instance.awaitReady();
    }

    @AfterEach
    void end() {
        instance.close();
    }

    @Test
    @LongRunOnly
    void moreWritesThanItCanServeAreRefusedWhileTheOthersAreAnswered() throws Exception {
        var flood = new Flood(instance.address(), cell.apiKey());
        WorkloadReport others;
        var writers = new Repeated();
        try (writers;
                var load = Workload.start(cell, targets(), OTHERS)) {
            writers.start(WRITERS, flood::write);
            load.goOnFor(FLOOD);
            others = load.stop();
        }
        ProcessUsage after = instance.usage();
        String load = "%,d writers of 4,000 bytes at one instance".formatted(WRITERS);
        noteAnswers(load, "changes answered", "slowest change answered", flood.answers(200));
        noteAnswers(load, "changes refused with 503", "slowest refusal", flood.answers(503));
        noteOthers(load, others, after);
        assertThat(writers.failures()).isEmpty();
        assertServed(others);
        assertThat(after.residentMib()).isLessThan(RESIDENT_MIB_MAX);
    }

    @Test
    @LongRunOnly
    void clientsThatTakeNoAnswersAreHeldBackWhileTheOthersAreServed() throws IOException {
        var connections = new ArrayList<HttpConnection>();
        WorkloadReport others;
        try (var askers = new Repeated();
                var load = Workload.start(cell, targets(), OTHERS)) {
            for (int i = 0; i < ASKERS; i++) {
                var connection = new HttpConnection(instance.address(), SMALL_BUFFER_BYTES);
                connections.add(connection);
                askers.start(1, stop -> connection.send(MANY_READS));
            }
            load.goOnFor(FLOOD);
            others = load.stop();
            for (HttpConnection connection : connections) {
                connection.close();
            }
        }
        ProcessUsage after = instance.usage();
        noteOthers(ASKERS + " clients that ask without end and take no answer", others, after);
        assertServed(others);
        assertThat(after.residentMib()).isLessThan(RESIDENT_MIB_MAX);
    }

    @Test
    @LongRunOnly
    void slowReadersOfTheWholeHistoryHarmNobody() throws IOException {
        var readers = new ArrayList<HttpConnection>();
        WorkloadReport others;
        String[] key = {"X-API-Key", cell.apiKey()};
        try (var http = instance.http();
                var load = Workload.start(cell, targets(), OTHERS)) {
            for (int i = 0; i < HISTORY_VERSIONS; i++) {
                assertThat(http.put(LONG_VALUE, key).status()).isEqualTo(200);
            }
            for (int i = 0; i < SLOW_READERS; i++) {
                readers.add(new HttpConnection(instance.address(), SMALL_BUFFER_BYTES));
                readers.getLast().send("GET", "/history?limit=" + HISTORY_VERSIONS, NO_BODY, key);
                assertThat(readers.getLast().line()).contains(" 200 ");
            }
            load.goOnFor(FLOOD);
            assertThat(instance.isReady()).isTrue();
            // Those who write meanwhile push the oldest out before they are sent.
            assertThat(http.get("/history?limit=" + HISTORY_VERSIONS, key).json())
                    .hasSizeBetween(HISTORY_VERSIONS / 2, HISTORY_VERSIONS);
            others = load.stop();
        } finally {
            for (HttpConnection reader : readers) {
                reader.close();
            }
        }
        ProcessUsage after = instance.usage();
        noteOthers(SLOW_READERS + " clients that ask for 4 MB of history and don't read it", others, after);
        assertServed(others);
        assertThat(after.residentMib()).isLessThan(RESIDENT_MIB_MAX);
    }

    @Test
    void slowClientsAreCutWhileTheOthersAreServed() throws Exception {
        ProcessUsage before = instance.usage();
        var slow = new ArrayList<SlowClient>();
        WorkloadReport others;
        var slowest = Duration.ZERO;
        try (var load = Workload.start(cell, targets(), OTHERS)) {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                slow.add(new SlowClient(
                        instance.address(), i % 2 == 0 ? SlowClient.HEADER : SlowClient.body(cell.apiKey())));
            }
            for (SlowClient client : slow) {
                Duration lasted = client.awaitCut();
                slowest = lasted.compareTo(slowest) > 0 ? lasted : slowest;
                client.close();
            }
            others = load.stop();
        }
        String load = "%,d clients that never end their request".formatted(SLOW_CLIENTS);
        LoadTable.note(load, "cut after at most", slowest.toMillis(), "ms");
        noteOthers(load, others, instance.usage());
        assertServed(others);
        assertThat(instance.usage().residentMib()).isLessThan(RESIDENT_MIB_MAX);
        Awaitility.await("their connections closed")
                .until(() -> instance.usage().openFiles() <= before.openFiles() + SPARE_FILES);
    }

    @Test
    void connectionsTooManyAreToldToComeBackWhileTheOthersAreServed() throws IOException {
        ProcessUsage before = instance.usage();
        var served = new ArrayList<HttpConnection>();
        var silent = new ArrayList<HttpConnection>();
        try {
            for (int i = 0; i < CONNECTIONS_MAX; i++) {
                served.add(new HttpConnection(instance.address()));
                assertThat(served.getLast().request("GET", "/", NO_BODY).status())
                        .isEqualTo(200);
            }
            long asked = System.nanoTime();
            for (int i = 0; i < CONNECTIONS_TOO_MANY; i++) {
                assertIsRefused();
            }
            long refusedMs = Duration.ofNanos(System.nanoTime() - asked).toMillis();
            for (HttpConnection each : served) {
                assertThat(each.request("GET", "/", NO_BODY).status()).isEqualTo(200);
            }
            assertThat(instance.isReady()).isTrue();
            openSilent(silent);
            assertThat(instance.isReady()).isTrue();
            Awaitility.await("all but a few of the silent ones closed")
                    .until(() -> instance.usage().openFiles()
                            <= before.openFiles() + CONNECTIONS_MAX + SPARE_CONNECTIONS + SPARE_FILES);
            ProcessUsage usage = instance.usage();
            String load = "%,d open connections".formatted(CONNECTIONS_MAX);
            LoadTable.note(load, CONNECTIONS_TOO_MANY + " more refused in", refusedMs, "ms");
            LoadTable.note(load, "resident memory of the instance", usage.residentMib(), "MiB");
            assertThat(usage.residentMib()).isLessThan(RESIDENT_MIB_MAX);
        } finally {
            served.addAll(silent);
            for (HttpConnection each : served) {
                each.close();
            }
        }
    }

    private void openSilent(List<HttpConnection> silent) throws IOException {
        for (int i = 0; i < SILENT; i++) {
            silent.add(new HttpConnection(instance.address()));
        }
    }

    @Test
    @LongRunOnly
    void instanceThatHasNoMemoryLeftForItsConnectionsEnds() throws IOException {
        var program = new ArrayList<>(List.of("-XX:MaxDirectMemorySize=4m"));
        program.addAll(ServiceInstance.APPLICATION);
        var connections = new ArrayList<HttpConnection>();
        try (var small = cell.startInstead(program, Map.of())) {
            small.awaitReady();
            // While it ends, it refuses connections.
            Awaitility.await("its end")
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> {
                        for (int i = 0; i < CONNECTIONS_TOO_MANY && small.isAlive(); i++) {
                            connections.add(new HttpConnection(small.address()));
                            connections.getLast().send("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(4_000));
                        }
                        return !small.isAlive();
                    });
            assertThat(small.log()).contains("an event loop has ended");
        } finally {
            for (HttpConnection connection : connections) {
                connection.close();
            }
        }
    }

    private void assertIsRefused() throws IOException {
        try (var oneTooMany = new HttpConnection(instance.address())) {
            Answer answer = oneTooMany.request("GET", "/", NO_BODY);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
    }

    private List<Target> targets() {
        return List.of(new Target("loaded", instance.address()));
    }

    /** Each had an answer, or else its connection would have failed; how soon is in the table. */
    private static void assertServed(WorkloadReport others) {
        assertThat(others.ownFailures().keySet())
                .as("reads and writes of the others")
                .allMatch(failure -> failure.startsWith("PUT") && failure.contains(": 503 "));
    }

    private static void noteAnswers(String load, String what, String slowest, Flood.Answers answers) {
        LoadTable.note(load, what, answers.count().get(), "");
        LoadTable.note(load, slowest, answers.slowest().toMillis(), "ms");
    }

    private static void noteOthers(String load, WorkloadReport others, ProcessUsage after) {
        LoadTable.note(load, "median GET of the others", others.medianRead().toMillis(), "ms");
        LoadTable.note(load, "slowest GET of the others", others.slowestRead().toMillis(), "ms");
        LoadTable.note(load, "resident memory of the instance", after.residentMib(), "MiB");
    }
}
