package org.savedstring.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Cell;
import org.savedstring.machine.CpuPressure;
import org.savedstring.machine.Http;

/** Readers and writers at every door of a cell: the load balancer and each instance. */
public final class Workload implements AutoCloseable {

    public record Target(String name, InetSocketAddress address) {}

    /** How many clients there are at each target, and how long each takes at least from one request to the next. */
    public record Load(int readers, int writers, Duration pace) {}

    private static final Duration END_MAX = Duration.ofMinutes(2);

    private final String apiKey;
    private final List<Target> targets;
    private final Answer initial;
    private final List<WorkloadClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong count = new AtomicLong();
    private final CpuPressure pressure = new CpuPressure();
    private final long startedNanos;
    private volatile boolean stopped;

    private Workload(String apiKey, List<Target> targets, Load load) {
        this.apiKey = apiKey;
        this.targets = targets;
        this.initial = settle();
        String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
        for (Target target : targets) {
            for (int i = 0; i < load.readers() + load.writers(); i++) {
                String name = run + "-" + target.name() + "-" + i;
                clients.add(new WorkloadClient(
                        name, target, i >= load.readers(), apiKey, load.pace().toNanos(), () -> stopped, count));
            }
        }
        startedNanos = System.nanoTime();
        clients.forEach(client -> threads.add(Thread.ofVirtual().start(client)));
    }

    public static Workload start(Cell cell, Load load) {
        return new Workload(cell.apiKey(), targets(cell), load);
    }

    public static Workload start(Cell cell, List<Target> targets, Load load) {
        return new Workload(cell.apiKey(), targets, load);
    }

    /** At one instance that belongs to no cell. */
    public static Workload start(String apiKey, Target target, Load load) {
        return new Workload(apiKey, List.of(target), load);
    }

    public static List<Target> targets(Cell cell) {
        var targets = new ArrayList<Target>();
        targets.add(throughLoadBalancer(cell));
        cell.instances().forEach(instance -> targets.add(new Target(instance.name(), instance.address())));
        return targets;
    }

    public static Target throughLoadBalancer(Cell cell) {
        return new Target("load-balancer", cell.loadBalancer().address());
    }

    /** Requests made so far. */
    public long count() {
        return count.get();
    }

    /** Goes on until so many more requests were made. */
    public void awaitRequests(long requests, Duration max) {
        long goal = count.get() + requests;
        Awaitility.await(requests + " more requests").atMost(max).until(() -> count.get() >= goal);
    }

    /** Goes on until everybody has done once more, from this time on, what he is there for. */
    public void awaitEverybodyServedAgain(long sinceNanos) {
        Awaitility.await("everybody served again")
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> clients.stream().allMatch(client -> client.wasServedAfter(sinceNanos)));
    }

    /** Goes on for this long: a load has no end of its own to wait for. */
    public void goOnFor(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        Awaitility.await("the load")
                .atMost(time.plus(END_MAX))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> System.nanoTime() >= until);
    }

    /** Ends it and reports on it. */
    public WorkloadReport stop() {
        close();
        var attempts = new ArrayList<Attempt>();
        clients.forEach(client -> attempts.addAll(client.attempts()));
        return new WorkloadReport(initial, attempts, startedNanos, System.nanoTime(), pressure);
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                assertThat(thread.join(END_MAX)).as("a client ends").isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        pressure.close();
    }

    /** A version that no earlier write, late as it may be, can come before. */
    private Answer settle() {
        try (var http = new Http(targets.getFirst().address())) {
            // A crowded machine may be too slow for the store's deadline; nothing was saved then.
            Answer written = Awaitility.await("the first change")
                    .until(
                            () -> http.put("settled " + System.nanoTime(), "X-API-Key", apiKey),
                            answer ->
                                    answer.status() == 200 || !answer.problem().equals("store-unavailable"));
            assertThat(written.version()).as(written.text()).isPositive();
            return http.get("/", "Accept", "application/json");
        }
    }
}
