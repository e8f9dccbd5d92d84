package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Cell;
import org.savedstring.machine.EventStream;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ServiceInstance;

@Tag("cell")
@ExtendWith(SharedCell.class)
class NoInterruptionTest {

    private static final int REQUESTS = Prove.count(3_000, 50_000);
    private static final int REPLACED = Prove.count(1, 3);
    private static final int STREAMS = Prove.count(9, 30);
    private static final int KEPT_ALIVE = 8;
    private static final Duration EXIT_MAX = Duration.ofMinutes(2);
    private static final Duration REQUESTS_MAX = Duration.ofMinutes(10);
    private static final List<Integer> EXIT_CODES_OF_SIGTERM = List.of(0, 143);

    private final Cell cell;

    NoInterruptionTest(Cell cell) {
        this.cell = cell;
    }

    @Test
    void replacingInstancesFailsNoRequestAndNoStreamMissesAVersion() throws IOException {
        List<EventStream> streams = IntStream.range(0, STREAMS)
                .mapToObj(i -> new EventStream(cell.loadBalancer().address()))
                .toList();
        WorkloadReport report;
        var targets = List.of(Workload.throughLoadBalancer(cell));
        try (var load = Workload.start(cell, targets, new Load(12, 2, Duration.ofMillis(4)))) {
            for (ServiceInstance instance : cell.instances().subList(0, REPLACED)) {
                load.awaitRequests(REQUESTS / REPLACED / 2, REQUESTS_MAX);
                replace(instance);
                load.awaitRequests(REQUESTS / REPLACED / 2, REQUESTS_MAX);
            }
            report = load.stop();
        }
        assertThat(report.attempts()).hasSizeGreaterThanOrEqualTo(REQUESTS);
        assertThat(report.ownFailures()).as(cell.logs()).isEmpty();
        assertThat(report.verdict().violations())
                .as(report.verdict().toString())
                .isEmpty();
        long last = cell.currentVersion();
        for (EventStream stream : streams) {
            stream.awaitVersion(last);
            stream.close();
            assertThat(stream.uncleanEnds()).as(cell.logs()).isEmpty();
            stream.assertMissedNothing(last);
        }
        StreamVerdict pages = new OpenPages(streams)
                .verdict(report.attempts(), cell.keptVersions(report.initial().version()));
        assertThat(pages.violations()).as("open pages").isEmpty();
        FaultTable.note(
                Prove.isLong() ? "all three instances replaced" : "an instance replaced",
                report,
                FaultTable.Lost.NONE,
                Duration.ZERO,
                Duration.ZERO,
                pages.longestStaleClaim());
        assertThat(streams.stream().mapToLong(EventStream::cleanEnds).sum())
                .as("streams that ended and resumed")
                .isGreaterThanOrEqualTo(Prove.isLong() ? STREAMS : REPLACED);
    }

    @Test
    @LongRunOnly
    void sigtermServesEveryOpenConnectionUntilItIsToldToClose() throws Exception {
        ServiceInstance instance = cell.instances().getFirst();
        cell.loadBalancer().deregister(instance);
        var requests = new AtomicLong();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> toldToClose = Stream.generate(
                            () -> clients.submit(() -> requestUntilToldToClose(instance, requests)))
                    .limit(KEPT_ALIVE)
                    .toList();
            Awaitility.await().until(() -> requests.get() > 10 * KEPT_ALIVE);
            instance.terminate();
            for (Future<Boolean> each : toldToClose) {
                assertThat(each.get(EXIT_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(instance.awaitExit()).isIn(EXIT_CODES_OF_SIGTERM);
        instance.restart();
        instance.awaitReady();
        cell.loadBalancer().register(instance);
    }

    private static boolean requestUntilToldToClose(ServiceInstance instance, AtomicLong requests) throws IOException {
        try (var connection = new HttpConnection(instance.address())) {
            Answer answer;
            do {
                answer = connection.request("GET", "/", new byte[0]);
                assertThat(answer.status()).isEqualTo(200);
                requests.incrementAndGet();
            } while (!answer.closes());
            return true;
        }
    }

    private void replace(ServiceInstance instance) {
        cell.loadBalancer().deregister(instance);
        instance.terminate();
        assertThat(instance.awaitExit()).isIn(EXIT_CODES_OF_SIGTERM);
        instance.restart();
        instance.awaitReady();
        cell.loadBalancer().register(instance);
    }
}
