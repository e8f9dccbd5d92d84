package org.savedstring.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One open page: a position in the log that moves on as its reader asks for more. Signals may come from any thread; one of
 * them at a time does the work for all.
 */
final class EventStream implements Subscription {

    private final Subscriber<? super byte[]> subscriber;
    private final EventLog log;
    private final Runnable onEnd;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger signals = new AtomicInteger();
    private volatile byte @Nullable [] greeting;
    private volatile byte @Nullable [] heartbeatDue;
    private volatile boolean completing;
    private volatile boolean ended;
    private long position;

    /**
     * @param position the last version that the reader has or gets with the greeting
     * @param greeting sent first
     * @param onEnd called once, however the stream ends
     */
    EventStream(Subscriber<? super byte[]> subscriber, EventLog log, long position, byte[] greeting, Runnable onEnd) {
        this.subscriber = subscriber;
        this.log = log;
        this.position = position;
        this.greeting = greeting;
        this.onEnd = onEnd;
    }

    @Override
    public void request(long more) {
        demand.accumulateAndGet(more, (before, added) -> before + added < 0 ? Long.MAX_VALUE : before + added);
        signal();
    }

    @Override
    public void cancel() {
        end();
    }

    /** There may be something new in the log. */
    void signal() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            work();
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    /**
     * Tells the reader, after everything that is new, when the state was last confirmed.
     *
     * @return false if the reader hasn't even taken the last heartbeat
     */
    boolean heartbeat(byte[] frame) {
        if (heartbeatDue != null) {
            return false;
        }
        heartbeatDue = frame;
        signal();
        return true;
    }

    /** Ends the stream after what it was already given; its reader may resume elsewhere. */
    void complete() {
        completing = true;
        signal();
    }

    private void work() {
        while (!ended && demand.get() > 0) {
            byte[] next = next();
            if (next == null) {
                break;
            }
            demand.decrementAndGet();
            subscriber.onNext(next);
        }
        if (completing && !ended) {
            end();
            subscriber.onComplete();
        }
    }

    private byte @Nullable [] next() {
        byte[] first = greeting;
        if (first != null) {
            greeting = null;
            return first;
        }
        if (log.hasLost(position)) {
            completing = true;
            return null;
        }
        EventLog.Event event = log.after(position);
        if (event != null) {
            position = event.version();
            heartbeatDue = null;
            return event.frame();
        }
        byte[] heartbeat = heartbeatDue;
        heartbeatDue = null;
        return heartbeat;
    }

    private void end() {
        if (!ended) {
            ended = true;
            onEnd.run();
        }
    }
}
