package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Repeated;
import org.savedstring.load.SlowClient;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Cell;
import org.savedstring.machine.EventStream;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ProcessUsage;
import org.savedstring.machine.ServiceInstance;

/** Everything at once, good and bad, for minutes: nothing fails and nothing grows. */
@Tag("cell")
@LongRunOnly
@ExtendWith(SharedCell.class)
class SoakTest {

    /** {@code -Dsoak=PT10M} makes it longer. */
    private static final Duration SOAK = Duration.parse(System.getProperty("soak", "PT4M"));

    private static final Duration WARM_UP = SOAK.dividedBy(4);
    private static final Duration BETWEEN_SAMPLES = SOAK.dividedBy(60);
    private static final Load LOAD = new Load(4, 1, Duration.ofMillis(25));
    private static final Duration STREAM_OPEN = Duration.ofSeconds(5);
    private static final Duration CUT_MAX = Duration.ofMinutes(2);
    private static final int LASTING_STREAMS = 30;
    private static final int CHANGING_STREAMS = 60;
    private static final int SLOW_CLIENTS = 100;
    private static final int BAD_CLIENTS = 6;

    private static final double GROWTH_MAX = 1.25;
    private static final int SPARE_THREADS = 2;
    private static final int SPARE_FILES = 20;

    private static final List<String> BAD_REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n",
            "NONSENSE\r\n\r\n",
            "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(9_000) + "\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(20_000),
            "DELETE /events HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");

    private final Cell cell;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    SoakTest(Cell cell) {
        this.cell = cell;
    }

    @Test
    void nothingFailsAndNothingGrows() throws Exception {
        cell.awaitServing();
        List<ProcessUsage> idle = sample();
        List<EventStream> lasting = IntStream.range(0, LASTING_STREAMS)
                .mapToObj(i -> new EventStream(cell.loadBalancer().address()))
                .toList();
        var samples = new ArrayList<List<ProcessUsage>>();
        WorkloadReport report;
        var others = new Repeated();
        try (var load = Workload.start(cell, LOAD);
                others) {
            others.start(CHANGING_STREAMS, stop -> openAndCloseStream());
            others.start(SLOW_CLIENTS, stop -> beSlow());
            others.start(BAD_CLIENTS, stop -> sendBadRequest());
            load.goOnFor(WARM_UP);
            for (Duration spent = WARM_UP; spent.compareTo(SOAK) < 0; spent = spent.plus(BETWEEN_SAMPLES)) {
                load.goOnFor(BETWEEN_SAMPLES);
                samples.add(sample());
            }
            report = load.stop();
        }
        long last = cell.currentVersion();
        for (EventStream stream : lasting) {
            stream.awaitVersion(last);
            stream.assertMissedNothing(last);
        }
        note(report, samples);
        assertThat(report.ownFailures()).as(cell.logs()).isEmpty();
        assertThat(report.verdict().violations()).isEmpty();
        assertThat(others.failures()).isEmpty();
        assertNothingGrew(samples);
        Awaitility.await("as few open files as before").atMost(CUT_MAX).until(() -> holdNoMoreFilesThan(idle));
    }

    private List<ProcessUsage> sample() {
        return cell.instances().stream().map(ServiceInstance::usage).toList();
    }

    private ServiceInstance nextInstance() {
        return cell.instances()
                .get(Math.floorMod(turn.getAndIncrement(), cell.instances().size()));
    }

    private void openAndCloseStream() {
        try (var stream = new EventStream(nextInstance().address())) {
            stream.awaitVersion(1);
            LockSupport.parkNanos(STREAM_OPEN.toNanos());
        }
    }

    private void beSlow() throws IOException, InterruptedException {
        String begun = turn.get() % 2 == 0 ? SlowClient.HEADER : SlowClient.body(cell.apiKey());
        try (var client = new SlowClient(nextInstance().address(), begun)) {
            client.awaitCut();
            cut.incrementAndGet();
        }
    }

    private void sendBadRequest() throws IOException {
        String request = BAD_REQUESTS.get(Math.floorMod(turn.get(), BAD_REQUESTS.size()));
        try (var connection = new HttpConnection(nextInstance().address())) {
            connection.send(request);
            assertThat(connection.answer().status()).as(request).isBetween(400, 499);
            refused.incrementAndGet();
        }
        LockSupport.parkNanos(LOAD.pace().toNanos());
    }

    private void assertNothingGrew(List<List<ProcessUsage>> samples) {
        for (int i = 0; i < cell.instances().size(); i++) {
            ProcessUsage first = samples.getFirst().get(i);
            ProcessUsage last = samples.getLast().get(i);
            assertThat(last.residentKib()).isLessThan(Math.round(first.residentKib() * GROWTH_MAX));
            assertThat(last.threads()).isLessThanOrEqualTo(first.threads() + SPARE_THREADS);
            assertThat(last.openFiles()).isLessThanOrEqualTo(first.openFiles() + SPARE_FILES);
        }
    }

    private boolean holdNoMoreFilesThan(List<ProcessUsage> before) {
        List<ProcessUsage> now = sample();
        return IntStream.range(0, now.size())
                .allMatch(i -> now.get(i).openFiles() <= before.get(i).openFiles() + SPARE_FILES);
    }

    private void note(WorkloadReport report, List<List<ProcessUsage>> samples) {
        String load = "soak of %d s".formatted(SOAK.toSeconds());
        LoadTable.note(load, "requests", report.attempts().size(), "");
        LoadTable.note(load, "of them failed", report.failed(), "");
        LoadTable.note(load, "slow clients cut", cut.get(), "");
        LoadTable.note(load, "bad requests refused", refused.get(), "");
        noteGrowth(load, "resident memory of an instance", samples, ProcessUsage::residentMib, "MiB");
        noteGrowth(load, "its threads", samples, ProcessUsage::threads, "");
        noteGrowth(load, "its open files", samples, ProcessUsage::openFiles, "");
    }

    private static void noteGrowth(
            String load,
            String what,
            List<List<ProcessUsage>> samples,
            ToLongFunction<ProcessUsage> figure,
            String unit) {
        LoadTable.note(load, what + ", after the first quarter", largest(samples.getFirst(), figure), unit);
        LoadTable.note(load, what + ", at the end", largest(samples.getLast(), figure), unit);
    }

    private static long largest(List<ProcessUsage> instances, ToLongFunction<ProcessUsage> figure) {
        return instances.stream().mapToLong(figure).max().orElseThrow();
    }
}
