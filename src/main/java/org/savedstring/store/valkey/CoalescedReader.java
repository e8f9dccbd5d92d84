package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;

/**
 * Serves all reads of one event loop with as few commands as there can be: reads that arrive while one is in flight wait
 * together for the next. It is sent only after every one of them arrived, so each still sees what was written before it.
 */
final class CoalescedReader {

    /** Much less than a round trip to Valkey, and enough for some dozen clients to come back. */
    private static final long GATHERING_NANOS = 5_000;

    private final Pipeline pipeline;
    private final EventLoop eventLoop;
    private final String[] keys;
    private final int waitingMax;
    private final Counter reads;
    private List<CompletableFuture<SavedString>> waiting = new ArrayList<>();
    private List<CompletableFuture<SavedString>> inFlight = new ArrayList<>();
    private boolean busy;
    private SavedString lastSeen = SavedString.INITIAL;

    CoalescedReader(Pipeline pipeline, EventLoop eventLoop, String[] keys, int waitingMax, Counter reads) {
        this.reads = reads;
        this.pipeline = pipeline;
        this.eventLoop = eventLoop;
        this.keys = keys;
        this.waitingMax = waitingMax;
    }

    boolean isOfThisThread() {
        return eventLoop.inEventLoop();
    }

    CompletionStage<SavedString> read() {
        CompletableFuture<SavedString> result = new CompletableFuture<>();
        if (eventLoop.inEventLoop()) {
            join(result);
        } else {
            eventLoop.execute(() -> join(result));
        }
        return result;
    }

    private void join(CompletableFuture<SavedString> result) {
        if (waiting.size() >= waitingMax) {
            result.completeExceptionally(new StoreException.Overloaded(waitingMax));
            return;
        }
        waiting.add(result);
        if (!busy) {
            busy = true;
            // One turn later every request of this turn of the event loop has joined.
            eventLoop.execute(this::sendBatch);
        }
    }

    private void sendBatch() {
        List<CompletableFuture<SavedString>> batch = waiting;
        waiting = inFlight;
        inFlight = batch;
        reads.increment(batch.size());
        Call<SavedString> call = new Call<>(
                false,
                commands -> Script.READ.call(commands, keys, lastSeen.revision()),
                reply -> reply.isEmpty() ? lastSeen : Versions.decode(reply));
        pipeline.submit(call).whenComplete(this::completeBatch);
    }

    private void completeBatch(@Nullable SavedString current, @Nullable Throwable failure) {
        if (current != null) {
            lastSeen = current;
        }
        for (CompletableFuture<SavedString> reader : inFlight) {
            if (current != null) {
                reader.complete(current);
            } else {
                reader.completeExceptionally(failure);
            }
        }
        inFlight.clear();
        if (waiting.isEmpty()) {
            busy = false;
        } else {
            afterNextTurn(this::sendBatch);
        }
    }

    /** Clients that were answered just now ask again while the answers are still being sent: they join, too. */
    private void afterNextTurn(Runnable task) {
        eventLoop.execute(() -> eventLoop.schedule(task, GATHERING_NANOS, TimeUnit.NANOSECONDS));
    }
}
