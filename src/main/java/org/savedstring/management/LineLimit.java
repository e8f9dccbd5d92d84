package org.savedstring.management;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one line a second into the log, and counts those that it holds back. */
public final class LineLimit {

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong lastLineAtNanos = new AtomicLong(System.nanoTime() - PERIOD_NANOS);
    private final AtomicLong unsaid = new AtomicLong();

    /** How many events the line stands for, including those held back before; empty if there is to be no line. */
    public OptionalLong events() {
        long now = System.nanoTime();
        long last = lastLineAtNanos.get();
        if (now - last < PERIOD_NANOS || !lastLineAtNanos.compareAndSet(last, now)) {
            unsaid.incrementAndGet();
            return OptionalLong.empty();
        }
        return OptionalLong.of(unsaid.getAndSet(0) + 1);
    }
}
