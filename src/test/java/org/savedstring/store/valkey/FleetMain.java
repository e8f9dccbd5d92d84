package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.savedstring.store.LossPolicy;

/**
 * Pretends the event loops of many instances, which all confirm their reads on one primary: their connections and their
 * readers are real, the instances around them are left out. Every event loop is asked for the string a thousand times a
 * second, and one writer changes it twenty times a second. Prints a line of JSON for each size of the fleet.
 *
 * <p>usage: FleetMain ADDRESS PID-OF-THE-PRIMARY GATHERING-MAX-MS LOOPS...
 */
public final class FleetMain {

    private static final long WARM_UP_MS = 2_000;
    private static final long MEASURED_MS = 4_000;
    private static final long SLICE_MICROS = 100;
    private static final int SLICES = 10;
    private static final long WRITE_EVERY_MS = 50;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(60);

    private final List<CoalescedReader> readers = new ArrayList<>();
    private final Latencies reads = new Latencies();
    private final Latencies writes = new Latencies();
    private final ValkeySettings settings;
    private final Connections connections;
    private final EventLoop loop;
    private final ConfirmedCalls writer;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private int slice;

    private FleetMain(String address, Duration gatheringMax, EventLoop loop, int loops) {
        this.settings = settings(address, gatheringMax);
        this.loop = loop;
        this.connections = new Connections(settings, List.of(loop), meters);
        List<CompletableFuture<?>> ready = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            ConfirmedCalls calls = open("reads", connections.metrics().readTrips(), ready);
            Counter asked = connections.metrics().reads();
            readers.add(new CoalescedReader(
                    calls, connections.stream(), LossPolicy.REFUSE, 10_000, asked, new Pace(gatheringMax)));
        }
        this.writer = open("writes", connections.metrics().otherTrips(), ready);
        CompletableFuture.allOf(ready.toArray(CompletableFuture<?>[]::new))
                .orTimeout(CONNECT_MAX.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    public static void main(String[] args) throws Exception {
        ProcessHandle primary = ProcessHandle.of(Long.parseLong(args[1])).orElseThrow();
        Duration gatheringMax = Duration.ofMillis(Long.parseLong(args[2]));
        try (var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory())) {
            for (int i = 3; i < args.length; i++) {
                int loops = Integer.parseInt(args[i]);
                FleetMain fleet = new FleetMain(args[0], gatheringMax, group.next(), loops);
                fleet.measure(loops, primary);
                fleet.connections.close();
            }
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private ConfirmedCalls open(String purpose, Timer trips, List<CompletableFuture<?>> to) {
        ConfirmedCalls calls = new ConfirmedCalls(connections.open(purpose, loop), settings, () -> 0, () -> {}, trips);
        to.add(calls.start());
        return calls;
    }

    private void measure(int loops, ProcessHandle primary) throws Exception {
        ScheduledFuture<?> asking =
                loop.scheduleAtFixedRate(this::askSome, SLICE_MICROS, SLICE_MICROS, TimeUnit.MICROSECONDS);
        ScheduledFuture<?> writing =
                loop.scheduleAtFixedRate(this::write, WRITE_EVERY_MS, WRITE_EVERY_MS, TimeUnit.MILLISECONDS);
        TimeUnit.MILLISECONDS.sleep(WARM_UP_MS);
        long begunNanos = System.nanoTime();
        Duration cpu = cpu(primary);
        long trips = connections.metrics().readTrips().count();
        loop.submit(this::forget).get();
        TimeUnit.MILLISECONDS.sleep(MEASURED_MS);
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        double cores = cpu(primary).minus(cpu).toNanos() / 1e9 / seconds;
        trips = connections.metrics().readTrips().count() - trips;
        asking.cancel(false);
        writing.cancel(false);
        double perS = trips / seconds;
        loop.submit(() -> print(loops, seconds, perS, cores)).get();
    }

    @SuppressWarnings("SystemOut")
    private void print(int loops, double seconds, double batchesPerS, double cores) {
        System.out.printf(
                Locale.ROOT,
                "{\"loops\": %d, \"reads_per_s\": %.0f, \"batches_per_s\": %.0f, \"primary_cores\": %.3f, "
                        + "\"read_p50_ms\": %.3f, \"read_p99_ms\": %.3f, \"write_p50_ms\": %.3f, \"write_p99_ms\": %.3f, "
                        + "\"failed\": %d}%n",
                loops,
                reads.count / seconds,
                batchesPerS,
                cores,
                reads.percentileMs(50),
                reads.percentileMs(99),
                writes.percentileMs(50),
                writes.percentileMs(99),
                reads.failed + writes.failed);
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private void askSome() {
        for (int i = slice; i < readers.size(); i += SLICES) {
            long askedNanos = System.nanoTime();
            readers.get(i).read().whenComplete((saved, failure) -> reads.add(askedNanos, failure != null));
        }
        slice = (slice + 1) % SLICES;
    }

    private void write() {
        long askedNanos = System.nanoTime();
        writer.submit(connections.stream().write(StreamCalls.unique(), new String[] {"a string", "fleet", "1000"}))
                .whenComplete((written, failure) -> writes.add(askedNanos, failure != null));
    }

    private void forget() {
        reads.clear();
        writes.clear();
    }

    private static ValkeySettings settings(String address, Duration gatheringMax) {
        return new ValkeySettings(
                address,
                false,
                null,
                null,
                null,
                null,
                null,
                Duration.ofMinutes(10),
                1,
                Duration.ofMillis(480),
                Duration.ofMillis(15),
                Duration.ofMinutes(1),
                10_000,
                gatheringMax);
    }

    /** Counts by hundredths of a millisecond; confined to the event loop. */
    private static final class Latencies {

        private static final long UNIT_NANOS = 10_000;

        private final int[] counts = new int[100_000];
        private int count;
        private int failed;

        void add(long begunNanos, boolean isFailure) {
            if (isFailure) {
                failed++;
                return;
            }
            long units = (System.nanoTime() - begunNanos) / UNIT_NANOS;
            counts[(int) Math.min(units, counts.length - 1)]++;
            count++;
        }

        void clear() {
            Arrays.fill(counts, 0);
            count = 0;
            failed = 0;
        }

        double percentileMs(double percent) {
            long rank = (long) Math.ceil(count * percent / 100);
            int units = 0;
            for (long seen = counts[0]; seen < rank; seen += counts[units]) {
                units++;
            }
            return units * UNIT_NANOS / 1e6;
        }
    }
}
