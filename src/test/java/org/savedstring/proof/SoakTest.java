package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
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
import org.savedstring.machine.JvmProbe;
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
    private static final Load LOAD = new Load(4, 1, Duration.ofMillis(25));
    private static final Duration STREAM_OPEN = Duration.ofSeconds(5);
    private static final Duration CUT_MAX = Duration.ofMinutes(2);
    private static final int LASTING_STREAMS = 30;
    private static final int CHANGING_STREAMS = 60;
    private static final int SLOW_CLIENTS = 100;
    private static final int BAD_CLIENTS = 6;

    private static final long HEAP_GROWTH_BYTES_MAX = 8L << 20;

    /** Not how much it grew: a JVM takes its heap when it needs it, which a slower machine may put off. */
    private static final long RESIDENT_MIB_MAX = 480;

    /** Those that answer the probe come and go. */
    private static final int SPARE_THREADS = 4;

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
        List<Held> idle = held();
        List<EventStream> lasting = IntStream.range(0, LASTING_STREAMS)
                .mapToObj(i -> new EventStream(cell.loadBalancer().address()))
                .toList();
        List<Held> early;
        List<Held> late;
        WorkloadReport report;
        var others = new Repeated();
        try (var load = Workload.start(cell, LOAD);
                others) {
            others.start(CHANGING_STREAMS, stop -> openAndCloseStream());
            others.start(SLOW_CLIENTS, stop -> beSlow());
            others.start(BAD_CLIENTS, stop -> sendBadRequest());
            load.goOnFor(WARM_UP);
            early = held();
            load.goOnFor(SOAK.minus(WARM_UP));
            late = held();
            report = load.stop();
        }
        long last = cell.currentVersion();
        for (EventStream stream : lasting) {
            stream.awaitVersion(last);
            stream.assertMissedNothing(last);
        }
        note(report, early, late);
        assertThat(report.ownFailures()).as(cell.logs()).isEmpty();
        assertThat(report.verdict().violations()).isEmpty();
        assertThat(others.failures()).isEmpty();
        assertNothingGrew(early, late);
        Awaitility.await("as few open files as before").atMost(CUT_MAX).until(() -> holdNoMoreFilesThan(idle));
    }

    /** What an instance holds at a moment. */
    private record Held(long liveHeapBytes, ProcessUsage usage) {

        static Held by(ServiceInstance instance) {
            try (var probe = new JvmProbe(instance.pid())) {
                return new Held(probe.liveHeapBytes(), instance.usage());
            }
        }
    }

    private List<Held> held() {
        return cell.instances().stream().map(Held::by).toList();
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

    private void assertNothingGrew(List<Held> early, List<Held> late) {
        for (int i = 0; i < early.size(); i++) {
            ProcessUsage before = early.get(i).usage();
            ProcessUsage after = late.get(i).usage();
            assertThat(late.get(i).liveHeapBytes()).isLessThan(early.get(i).liveHeapBytes() + HEAP_GROWTH_BYTES_MAX);
            assertThat(after.residentMib()).isLessThan(RESIDENT_MIB_MAX);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + SPARE_THREADS);
            assertThat(after.openFiles()).isLessThanOrEqualTo(before.openFiles() + SPARE_FILES);
        }
    }

    private boolean holdNoMoreFilesThan(List<Held> before) {
        return IntStream.range(0, before.size())
                .allMatch(i -> cell.instances().get(i).usage().openFiles()
                        <= before.get(i).usage().openFiles() + SPARE_FILES);
    }

    private void note(WorkloadReport report, List<Held> early, List<Held> late) {
        String load = "soak of %d s".formatted(SOAK.toSeconds());
        LoadTable.note(load, "requests", report.attempts().size(), "");
        LoadTable.note(load, "of them failed", report.failed(), "");
        LoadTable.note(load, "slow clients cut", cut.get(), "");
        LoadTable.note(load, "bad requests refused", refused.get(), "");
        noteHeld(load + ", after the first quarter", early);
        noteHeld(load + ", at the end", late);
    }

    private static void noteHeld(String when, List<Held> held) {
        LoadTable.note(when, "heap in use by an instance", largest(held, each -> each.liveHeapBytes() >> 10), "KiB");
        LoadTable.note(
                when, "its resident memory", largest(held, each -> each.usage().residentMib()), "MiB");
        LoadTable.note(when, "its threads", largest(held, each -> each.usage().threads()), "");
        LoadTable.note(
                when, "its open files", largest(held, each -> each.usage().openFiles()), "");
    }

    private static long largest(List<Held> held, ToLongFunction<Held> figure) {
        return held.stream().mapToLong(figure).max().orElseThrow();
    }
}
