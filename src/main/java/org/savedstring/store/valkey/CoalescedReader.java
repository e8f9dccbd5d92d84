package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;

/**
 * Serves all reads of one event loop with as few commands as possible: reads that arrive while one is in flight wait
 * together for the next, which is sent only after they have all arrived, so each still sees what was written before it.
 */
final class CoalescedReader {

    private final ConfirmedCalls calls;
    private final Loop loop;
    private final StreamCalls stream;
    private final LossPolicy lossPolicy;
    private final int waitingMax;
    private final Counter reads;
    private final Pace pace;
    private List<CompletableFuture<SavedString>> waiting = new ArrayList<>();
    private List<CompletableFuture<SavedString>> inFlight = new ArrayList<>();
    private boolean busy;
    private long sentAtNanos;

    CoalescedReader(
            ConfirmedCalls calls, StreamCalls stream, LossPolicy lossPolicy, int waitingMax, Counter reads, Pace pace) {
        this.reads = reads;
        this.pace = pace;
        this.calls = calls;
        this.loop = calls.connection().loop();
        this.stream = stream;
        this.lossPolicy = lossPolicy;
        this.waitingMax = waitingMax;
    }

    boolean isOfThisThread() {
        return loop.isCurrent();
    }

    CompletionStage<SavedString> read() {
        CompletableFuture<SavedString> result = new CompletableFuture<>();
        if (!loop.run(() -> join(result))) {
            result.completeExceptionally(new StoreException.Unavailable("the service is ending"));
        }
        return result;
    }

    private void join(CompletableFuture<SavedString> result) {
        assert loop.isCurrent();
        if (waiting.size() >= waitingMax) {
            result.completeExceptionally(new StoreException.Overloaded(waitingMax));
            return;
        }
        waiting.add(result);
        if (!busy) {
            busy = true;
            // A turn later, every request of this turn of the event loop has joined.
            loop.eventLoop().execute(this::sendBatch);
        }
    }

    private void sendBatch() {
        assert loop.isCurrent();
        if (waiting.isEmpty()) {
            busy = false;
            return;
        }
        List<CompletableFuture<SavedString>> batch = waiting;
        waiting = inFlight;
        inFlight = batch;
        reads.increment(batch.size());
        sentAtNanos = System.nanoTime();
        calls.submit(stream.read()).whenComplete(this::completeBatch);
    }

    private void completeBatch(@Nullable StreamEntry entry, @Nullable Throwable failure) {
        pace.answered(System.nanoTime() - sentAtNanos);
        try {
            answer(entry, failure);
        } finally {
            inFlight.clear();
            if (waiting.isEmpty() && !pace.isSlowed()) {
                busy = false;
            } else {
                afterNextTurn(this::sendBatch);
            }
        }
    }

    private void answer(@Nullable StreamEntry entry, @Nullable Throwable failure) {
        SavedString current = null;
        Throwable reason = failure;
        if (entry != null) {
            try {
                current = entry.saved().isLost() ? lossPolicy.read(entry.saved(), entry.left()) : entry.saved();
            } catch (StoreException.VersionLost e) {
                reason = e;
            }
        }
        for (CompletableFuture<SavedString> reader : inFlight) {
            if (current != null) {
                reader.complete(current);
            } else {
                reader.completeExceptionally(reason);
            }
        }
    }

    /** Clients that were answered just now ask again while the answers are still being sent: they join, too. */
    private void afterNextTurn(Runnable task) {
        loop.eventLoop().execute(() -> loop.eventLoop().schedule(task, pace.gatheringNanos(), TimeUnit.NANOSECONDS));
    }
}
