package org.savedstring.store.valkey;

import java.time.Duration;

/**
 * How long the reads of one event loop gather before the next batch is sent. While Valkey answers quickly, only for a
 * moment. When even the quickest of its last answers was slow, more event loops are asking than it can answer at once;
 * each then lets its reads gather for longer, until the answers are quick again, so that a write waits no longer behind
 * the reads of many instances than behind those of a few.
 */
final class Pace {

    /** Much less than a round trip to Valkey, and enough for some dozen clients to come back. */
    private static final long MOMENT_NANOS = 5_000;

    /** Twice what a round trip with a confirmation takes between zones. */
    static final long SLOW_NANOS = 4_000_000;

    /**
     * How many answers are looked at together: a loop that was itself busy makes some of them look slow, but not all.
     */
    private static final int ANSWERS = 8;

    private static final long STEP_NANOS = 100_000;

    private final long maxNanos;
    private long gatheringNanos = MOMENT_NANOS;
    private long quickestNanos = Long.MAX_VALUE;
    private int answers;

    /** @param max how long reads may gather; zero for never more than a moment */
    Pace(Duration max) {
        this.maxNanos = max.toNanos();
    }

    long gatheringNanos() {
        return gatheringNanos;
    }

    boolean isSlowed() {
        return gatheringNanos > MOMENT_NANOS;
    }

    void answered(long tookNanos) {
        quickestNanos = Math.min(quickestNanos, tookNanos);
        answers++;
        if (answers == ANSWERS) {
            long changed = quickestNanos > SLOW_NANOS
                    ? Math.min(maxNanos, gatheringNanos + gatheringNanos / 8 + STEP_NANOS)
                    : gatheringNanos - gatheringNanos / 8 - STEP_NANOS;
            gatheringNanos = Math.max(MOMENT_NANOS, changed);
            answers = 0;
            quickestNanos = Long.MAX_VALUE;
        }
    }
}
