package org.savedstring.live;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/**
 * Reads the string once a second for all streams together. A read that succeeds confirms what they show, as of the
 * moment it began; when the last one is too long ago, or a read finds that what was shown is lost, nothing may be
 * shown.
 */
final class ConfirmedReads {

    /**
     * How long a read confirms what is shown; together with the time it takes to end the streams, less than two
     * seconds.
     */
    static final Duration VALID = Duration.ofMillis(1_800);

    private static final long INTERVAL_MS = 1_000;

    /**
     * After a failure: often enough that a short one, as in a failover, may pass before the last read is too long ago.
     */
    private static final long RETRY_MS = 200;

    private static final long LOOK_MS = 100;

    private final StringStore store;
    private final Display display;
    private final ScheduledExecutorService timer;
    private final Clock clock = Clock.systemUTC();
    private volatile Confirmation latest;
    private String trouble = "the last one is not answered yet";
    private boolean ended;

    /** What is shown to readers. */
    interface Display {

        /** The newest version that is shown. */
        SavedString newest();

        /** Shows whatever is newer, up to and including this version; the stage completes when that is done. */
        CompletionStage<?> showUpTo(SavedString current);

        /** What is shown was the current state at a moment. */
        void confirmed(Confirmation confirmation);

        /** What is shown can no longer be confirmed. */
        void unconfirmed(String reason);

        /** The store has less than what is shown. */
        void lost(SavedString current);
    }

    /** A read that succeeded, and when it began. */
    record Confirmation(Instant at, long atNanos) {

        boolean isValid() {
            return System.nanoTime() - atNanos < VALID.toNanos();
        }
    }

    ConfirmedReads(StringStore store, Display display, ScheduledExecutorService timer) {
        this.store = store;
        this.display = display;
        this.timer = timer;
        this.latest = new Confirmation(clock.instant(), System.nanoTime());
    }

    void start() {
        timer.execute(this::read);
        timer.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /** The last one, which may no longer be valid. */
    Confirmation latest() {
        return latest;
    }

    /** Reads the string, shows whatever is newer than what was shown, and completes with the confirmation of it. */
    CompletionStage<Confirmation> confirm() {
        SavedString shown = display.newest();
        Confirmation confirmation = new Confirmation(clock.instant(), System.nanoTime());
        return store.read().thenCompose(current -> {
            // A version that was shown before the read began must be there; one shown meanwhile need not.
            if (current.version() < shown.version() || isOther(current, shown)) {
                display.lost(current);
                return CompletableFuture.completedStage(confirmation);
            }
            return display.showUpTo(current).thenApply(done -> confirmation);
        });
    }

    private static boolean isOther(SavedString current, SavedString shown) {
        return current.version() == shown.version() && !current.revision().equals(shown.revision());
    }

    private void read() {
        confirm().whenComplete((confirmation, failure) -> timer.execute(() -> done(confirmation, failure)));
    }

    private void done(@Nullable Confirmation confirmation, @Nullable Throwable failure) {
        if (confirmation == null) {
            trouble = StoreException.reasonOf(failure);
            if (saysThatNothingIsCurrent(failure) && !ended) {
                ended = true;
                display.unconfirmed(trouble);
            }
            timer.schedule(this::read, RETRY_MS, TimeUnit.MILLISECONDS);
            return;
        }
        latest = confirmation;
        ended = false;
        display.confirmed(confirmation);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - confirmation.atNanos);
        timer.schedule(this::read, Math.max(0, INTERVAL_MS - tookMs), TimeUnit.MILLISECONDS);
    }

    /** Unlike a failure that may be over before the last confirmed read is too long ago. */
    private static boolean saysThatNothingIsCurrent(@Nullable Throwable failure) {
        Throwable cause = StoreException.causeOf(failure);
        return cause instanceof StoreException
                && !(cause instanceof StoreException.Unavailable)
                && !(cause instanceof StoreException.Overloaded);
    }

    private void look() {
        if (!ended && !latest.isValid()) {
            ended = true;
            display.unconfirmed("no read was confirmed for " + VALID.toMillis() + " ms: " + trouble);
        }
    }
}
