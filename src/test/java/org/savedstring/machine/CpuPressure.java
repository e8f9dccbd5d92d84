package org.savedstring.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long something on this machine had to wait for a CPU, so that a promise in seconds can be judged by the time in which
 * nothing had to: what the service does on a machine whose cores are busy with other things says nothing about its own limits.
 *
 * <p>By the kernel's own account (docs.kernel.org/accounting/psi.html, "some" of cpu); where it keeps none, by how much too
 * late a sleeping thread is woken.
 */
public final class CpuPressure implements AutoCloseable {

    private static final Path ACCOUNT = Path.of("/proc/pressure/cpu");
    private static final Pattern TOTAL_MICROS = Pattern.compile("some .*total=(\\d+)");
    private static final long SAMPLE_NANOS = Duration.ofMillis(10).toNanos();

    private final NavigableMap<Long, Long> waitedNanosByTime = new ConcurrentSkipListMap<>();
    private final boolean kept = Files.isReadable(ACCOUNT);
    private long oversleptNanos;
    private volatile boolean closed;

    public CpuPressure() {
        sample();
        Thread.ofPlatform().daemon().name("cpu-pressure").start(this::follow);
    }

    /** The part of this time in which nothing waited. */
    public Duration undisturbed(long fromNanos, long toNanos) {
        return Duration.ofNanos(Math.max(0, toNanos - fromNanos - waited(fromNanos, toNanos)));
    }

    /** Whether something waited for the greater part of this time. */
    public boolean prevailed(long fromNanos, long toNanos) {
        return 2 * waited(fromNanos, toNanos) > toNanos - fromNanos;
    }

    @Override
    public void close() {
        closed = true;
        sample();
    }

    private long waited(long fromNanos, long toNanos) {
        Map.Entry<Long, Long> before = waitedNanosByTime.floorEntry(fromNanos);
        Map.Entry<Long, Long> after = waitedNanosByTime.ceilingEntry(toNanos);
        long first = (before == null ? waitedNanosByTime.firstEntry() : before).getValue();
        long last = (after == null ? waitedNanosByTime.lastEntry() : after).getValue();
        return Math.min(last - first, toNanos - fromNanos);
    }

    private void follow() {
        while (!closed) {
            long asleep = System.nanoTime();
            LockSupport.parkNanos(SAMPLE_NANOS);
            oversleptNanos += Math.max(0, System.nanoTime() - asleep - SAMPLE_NANOS);
            sample();
        }
    }

    private synchronized void sample() {
        waitedNanosByTime.put(System.nanoTime(), kept ? accountNanos() : oversleptNanos);
    }

    private static long accountNanos() {
        try {
            Matcher total = TOTAL_MICROS.matcher(Files.readString(ACCOUNT));
            if (!total.find()) {
                throw new IllegalStateException(ACCOUNT + " says nothing of \"some\"");
            }
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(total.group(1)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
