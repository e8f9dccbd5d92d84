package org.savedstring.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.JvmProbe;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/**
 * However many changes of whatever size were tried, and whatever came of them, an instance holds no more than before. A
 * million, over each of the stores, take about half an hour:
 *
 * <pre>./mvnw -ntp test -Dtest=ManyWritesTest -Dprove=long -Dwrites=1000000</pre>
 */
@Tag("cell")
@LongRunOnly
class ManyWritesTest {

    /** {@code -Dwrites=1000000} makes it longer. */
    private static final int WRITES = Integer.getInteger("writes", 100_000);

    private static final int WARM_UP = Math.min(WRITES / 4, 25_000);
    private static final int WRITERS = 8;
    private static final int VALUE_BYTES_MAX = 4_096;

    /** A machine that has more to do may miss the store's time. */
    private static final int BUSY = 503;

    private static final String[] KEY = {"X-API-Key", TestKeys.WRITER};
    private static final String[] KEY_AND_STALE_TAG = {"X-API-Key", TestKeys.WRITER, "If-Match", "\"1-1-json\""};
    private static final long HEAP_GROWTH_BYTES_MAX = 4L << 20;
    private static final long DIRECT_GROWTH_BYTES_MAX = 1L << 20;
    private static final long RESIDENT_GROWTH_MIB_MAX = 16;

    @TempDir
    private Path directory;

    @Test
    void leaveTheMemoryOfAnInstanceFlatOverTheEmbeddedStore() throws Exception {
        assertStaysFlat("embedded", Map.of("SAVED_STRING_STORE", "embedded"));
    }

    @Test
    void leaveTheMemoryOfAnInstanceFlatOverValkey() throws Exception {
        try (ValkeyServer valkey = ValkeyServer.start()) {
            assertStaysFlat("valkey", ValkeyServer.environment(valkey.address()));
        }
    }

    private void assertStaysFlat(String store, Map<String, String> storeSettings) throws Exception {
        var settings = new TreeMap<>(storeSettings);
        settings.put(
                "SAVED_STRING_KEYS_FILE",
                Files.writeString(directory.resolve("keys"), TestKeys.file()).toString());
        // A heap that has all of its memory from the start: what grows then is elsewhere.
        var program = new ArrayList<>(List.of("-Xms192m", "-XX:+AlwaysPreTouch"));
        program.addAll(ServiceInstance.APPLICATION_UNWATCHED);
        try (ServiceInstance service = ServiceInstance.startInUnit("many-writes", program, settings)) {
            service.awaitReady();
            try (JvmProbe probe = new JvmProbe(service.pid())) {
                write(service, WARM_UP);
                long directBefore = probe.collectedDirectBytes();
                long heapBefore = probe.liveHeapBytes();
                long residentBefore = service.usage().residentMib();
                write(service, WRITES - WARM_UP);
                long directGrowth = probe.collectedDirectBytes() - directBefore;
                long heapGrowth = probe.liveHeapBytes() - heapBefore;
                long residentAfter = service.usage().residentMib();

                String load = "%,d changes of mixed sizes, over the store %s".formatted(WRITES, store);
                LoadTable.note(load, "heap in use, after the first quarter", heapBefore >> 10, "KiB");
                LoadTable.note(load, "heap in use, at the end", (heapBefore + heapGrowth) >> 10, "KiB");
                LoadTable.note(load, "resident memory, after the first quarter", residentBefore, "MiB");
                LoadTable.note(load, "resident memory, at the end", residentAfter, "MiB");
                assertThat(directGrowth)
                        .as("left to a collection, outside the heap")
                        .isLessThan(DIRECT_GROWTH_BYTES_MAX);
                assertThat(heapGrowth).isLessThan(HEAP_GROWTH_BYTES_MAX);
                assertThat(residentAfter).isLessThan(residentBefore + RESIDENT_GROWTH_MIB_MAX);
            }
        }
    }

    private static void write(ServiceInstance service, int count) throws Exception {
        try (var executor = Executors.newFixedThreadPool(WRITERS)) {
            var writers = new ArrayList<Future<?>>();
            for (int i = 0; i < WRITERS; i++) {
                int seed = i;
                writers.add(executor.submit(() -> {
                    new Writer(service, seed).write(count / WRITERS);
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }

    /** One client, which tries what may come of a change in turn. */
    private static final class Writer {

        private final ServiceInstance service;
        private final Random random;
        private HttpConnection connection;

        Writer(ServiceInstance service, int seed) throws IOException {
            this.service = service;
            this.random = new Random(seed);
            this.connection = new HttpConnection(service.address());
        }

        void write(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                tryOne();
            }
            connection.close();
        }

        private void tryOne() throws IOException {
            switch (random.nextInt(20)) {
                case 0 -> expect(413, text(60_000), KEY);
                case 1 -> expect(400, new byte[0], KEY);
                case 2 -> expect(412, text(VALUE_BYTES_MAX), KEY_AND_STALE_TAG);
                case 3 -> expect(401, text(VALUE_BYTES_MAX));
                case 4 -> cut();
                default -> expect(200, text(1 + random.nextInt(VALUE_BYTES_MAX)), KEY);
            }
        }

        private void expect(int status, byte[] body, String... headers) throws IOException {
            var answer = connection.request("PUT", "/", body, headers);
            assertThat(answer.status()).isIn(status, BUSY);
            if (answer.closes()) {
                reconnect();
            }
        }

        /** Leaves in the middle of a body. */
        private void cut() throws IOException {
            connection.send("PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER
                    + "\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(random.nextInt(4_000)));
            reconnect();
        }

        private void reconnect() throws IOException {
            connection.close();
            connection = new HttpConnection(service.address());
        }

        private static byte[] text(int length) {
            return "x".repeat(length).getBytes(US_ASCII);
        }
    }
}
