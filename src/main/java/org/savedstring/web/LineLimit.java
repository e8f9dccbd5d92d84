package org.savedstring.web;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a line a second into the log, and counts those that it keeps out. */
final class LineLimit {

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong lastLineAtNanos = new AtomicLong(System.nanoTime() - PERIOD_NANOS);
    private final AtomicLong unsaid = new AtomicLong();

    /** For how many events the line is, those unsaid before included; empty if there is to be none. */
    OptionalLong events() {
        long now = System.nanoTime();
        long last = lastLineAtNanos.get();
        if (now - last < PERIOD_NANOS || !lastLineAtNanos.compareAndSet(last, now)) {
            unsaid.incrementAndGet();
            return OptionalLong.empty();
        }
        return OptionalLong.of(unsaid.getAndSet(0) + 1);
    }
}
