package org.savedstring.live;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.savedstring.live.Broadcast.Confirmed;

/** The streams of one event loop, to which it is confined except where it says otherwise. */
final class StreamGroup {

    /** How many streams are served in one turn of the event loop; then others get theirs. */
    private static final int TURN = 512;

    private static final long BEAT_MS = 100;

    /**
     * Readers that are told to go are spread over time, longer if there are more of them: each is a new connection
     * elsewhere.
     */
    private static final int LEAVING_PER_BEAT = 150;

    private static final int FAREWELL_BEATS_MIN = 20;

    /** Less than the time that an instance has to end. */
    private static final int FAREWELL_BEATS_MAX = 80;

    private final EventLoop eventLoop;
    private final Broadcast broadcast;
    private final OutgoingFrames outgoing;
    private final List<EventStream> streams = new ArrayList<>();
    private int unserved;
    private boolean publishedMeanwhile;
    private boolean beating;
    private int leavingPerBeat;

    StreamGroup(EventLoop eventLoop, Broadcast broadcast) {
        this.eventLoop = eventLoop;
        this.broadcast = broadcast;
        this.outgoing = new OutgoingFrames(eventLoop);
    }

    Broadcast broadcast() {
        return broadcast;
    }

    OutgoingFrames outgoing() {
        return outgoing;
    }

    void add(EventStream stream) {
        stream.index = streams.size();
        streams.add(stream);
        if (!beating) {
            beating = true;
            eventLoop.schedule(this::beat, BEAT_MS, TimeUnit.MILLISECONDS);
        }
    }

    void remove(EventStream stream) {
        EventStream last = streams.removeLast();
        if (last != stream) {
            streams.set(stream.index, last);
            last.index = stream.index;
        }
    }

    /** There is a new event; from any thread. */
    void published() {
        eventLoop.execute(() -> {
            publishedMeanwhile = unserved > 0;
            if (unserved == 0) {
                unserved = streams.size();
                serve();
            }
        });
    }

    /** All streams end now; from any thread. */
    void endAll() {
        eventLoop.execute(() -> List.copyOf(streams).forEach(EventStream::end));
    }

    /** All streams end soon; from any thread. */
    void leave() {
        eventLoop.execute(() -> {
            int beats = Math.clamp(streams.size() / LEAVING_PER_BEAT, FAREWELL_BEATS_MIN, FAREWELL_BEATS_MAX);
            leavingPerBeat = streams.size() / beats + 1;
        });
    }

    /** From the last to the first, since the last takes the place of one that ends meanwhile. */
    private void serve() {
        EventLog.Events events = broadcast.events();
        unserved = Math.min(unserved, streams.size());
        for (int served = 0; served < TURN && unserved > 0; served++) {
            unserved--;
            streams.get(unserved).advance(events);
            unserved = Math.min(unserved, streams.size());
        }
        if (unserved > 0) {
            eventLoop.execute(this::serve);
        } else if (publishedMeanwhile) {
            publishedMeanwhile = false;
            unserved = streams.size();
            eventLoop.execute(this::serve);
        }
    }

    private void beat() {
        beating = !streams.isEmpty();
        if (!beating) {
            return;
        }
        eventLoop.schedule(this::beat, BEAT_MS, TimeUnit.MILLISECONDS);
        Confirmed confirmed = broadcast.confirmed();
        EventLog.Events events = broadcast.events();
        long nowNanos = System.nanoTime();
        for (int i = streams.size() - 1; i >= 0; i--) {
            if (i < streams.size()) {
                streams.get(i).beat(confirmed, events, nowNanos);
            }
        }
        int leaving = 0;
        for (int i = 0; i < streams.size() && leaving < leavingPerBeat; i++) {
            if (streams.get(i).end()) {
                leaving++;
            }
        }
    }
}
