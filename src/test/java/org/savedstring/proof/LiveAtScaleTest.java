package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.savedstring.machine.Cell;
import org.savedstring.machine.EventStream;
import org.savedstring.machine.Http;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ManyReaders;
import org.savedstring.machine.ProcessUsage;
import org.savedstring.machine.ServiceInstance;

/** Many open pages on one instance: each of them follows every change, whatever the others do. */
@Tag("cell")
@ExtendWith(SharedCell.class)
class LiveAtScaleTest {

    private static final int STREAMS = Prove.count(500, 5_000);
    private static final int VERSIONS = Prove.count(5, 20);
    private static final int READERS = 20;
    private static final int NON_READERS = 20;
    private static final int SPARE_CONNECTIONS = 100;
    private static final String LONG_VALUE = "x".repeat(4_000);

    /** In total; a stream that hoards what its reader doesn't take would need as much for each version. */
    private static final long NON_READERS_KIB_MAX = 65_536;

    /** As many as the service has room for with its default settings. */
    private static final int STREAMS_MAX = 18_000;

    /** What is left of the limit of its unit when the system has its part: docs/load.md. */
    private static final long RESIDENT_MIB_MAX = 480;

    private static final Duration MANY_MAX = Duration.ofMinutes(10);
    private static final Duration ALL_MAX = Duration.ofMinutes(2);

    private final Cell cell;

    LiveAtScaleTest(Cell cell) {
        this.cell = cell;
    }

    @Test
    void everyOpenStreamGetsEveryVersionInOrder() throws IOException {
        var settings = ofOneClient(STREAMS);
        try (var instance = cell.startInstead(ServiceInstance.APPLICATION_UNWATCHED, settings);
                var writer = instance.http()) {
            save(writer, "before");
            ProcessUsage before = instance.usage();
            List<EventStream> streams = open(STREAMS, instance);
            long version = 0;
            for (int i = 0; i < VERSIONS; i++) {
                version = save(writer, "live " + i);
                awaitAll(streams, version);
            }
            for (EventStream stream : streams) {
                stream.assertMissedNothing(version);
            }
            String load = "%,d open streams on one instance".formatted(STREAMS);
            LoadTable.note(load, "versions that any of them missed", 0, "");
            LoadTable.note(
                    load, "resident memory of the instance", instance.usage().residentMib(), "MiB");
            Awaitility.await("their connections closed")
                    .until(() -> instance.usage().openFiles() <= before.openFiles() + 1);
        }
    }

    @Test
    @LongRunOnly
    void asManyStreamsAsThereMayBeFitTheMemoryOfTheUnit() {
        var settings = ofOneClient(STREAMS_MAX);
        try (var instance = cell.startInstead(ServiceInstance.APPLICATION_UNWATCHED, settings);
                var writer = instance.http()) {
            save(writer, "before");
            long beforeKib = instance.usage().residentKib();
            try (var readers = ManyReaders.open(instance.address(), STREAMS_MAX)) {
                Awaitility.await("all are open")
                        .atMost(MANY_MAX)
                        .failFast("the readers have ended", () -> !readers.areRunning())
                        .until(() -> instance.metric("saved_string_event_streams") == STREAMS_MAX);
                save(writer, "to all of them");
                long residentKib = instance.usage().residentKib();
                String load = "%,d open streams, a browser's headers".formatted(STREAMS_MAX);
                LoadTable.note(load, "resident memory of the instance", residentKib / 1_024, "MiB");
                LoadTable.note(load, "memory for each", (residentKib - beforeKib) * 1_024 / STREAMS_MAX, "bytes");
                assertThat(residentKib / 1_024).isLessThan(RESIDENT_MIB_MAX);
            }
        }
    }

    @Test
    @LongRunOnly
    void readerThatDoesNotReadIsDroppedAndCountedWhileTheOthersMissNothing() throws IOException {
        var settings = Map.of("SAVED_STRING_EVENTS_HEARTBEAT", "1s");
        var stuck = new ArrayList<HttpConnection>();
        try (var instance = cell.startInstead(ServiceInstance.APPLICATION_UNWATCHED, settings);
                var writer = instance.http()) {
            List<EventStream> streams = open(READERS, instance);
            for (int i = 0; i < NON_READERS; i++) {
                var connection = new HttpConnection(instance.address(), 4_096);
                connection.send("GET", "/events", new byte[0]);
                stuck.add(connection);
            }
            ProcessUsage before = instance.usage();
            var last = new AtomicLong();
            Awaitility.await("all dropped")
                    .atMost(ALL_MAX)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        last.set(save(writer, LONG_VALUE));
                        return instance.metric("saved_string_event_streams_dropped_total") >= NON_READERS;
                    });
            awaitAll(streams, last.get());
            for (EventStream stream : streams) {
                stream.assertMissedNothing(last.get());
            }
            long grownKib = instance.usage().residentKib() - before.residentKib();
            LoadTable.note(
                    NON_READERS + " streams whose readers don't read", "memory for all of them", grownKib, "KiB");
            assertThat(grownKib).isLessThan(NON_READERS_KIB_MAX);
        } finally {
            for (HttpConnection connection : stuck) {
                connection.close();
            }
        }
    }

    /** All of them come from one address. */
    private static Map<String, String> ofOneClient(int streams) {
        return Map.of(
                "SAVED_STRING_EVENTS_STREAMS_PER_CLIENT_MAX",
                String.valueOf(streams),
                "SAVED_STRING_HTTP_CONNECTIONS_PER_CLIENT_MAX",
                String.valueOf(streams + SPARE_CONNECTIONS));
    }

    private long save(Http writer, String value) {
        return writer.put(value, "X-API-Key", cell.apiKey()).version();
    }

    private static List<EventStream> open(int count, ServiceInstance instance) {
        List<EventStream> streams = IntStream.range(0, count)
                .mapToObj(i -> new EventStream(instance.address()))
                .toList();
        awaitAll(streams, 0);
        return streams;
    }

    private static void awaitAll(List<EventStream> streams, long version) {
        Awaitility.await("version " + version + " on every stream")
                .atMost(ALL_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> streams.stream().allMatch(stream -> stream.lastVersion() >= version));
    }
}
