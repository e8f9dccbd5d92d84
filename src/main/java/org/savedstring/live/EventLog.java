package org.savedstring.live;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The last versions, encoded once as they go out to every stream. Streams are mere positions in this log, so a reader that
 * is slow costs no memory; one that falls behind its oldest event is told so.
 */
final class EventLog {

    private final int eventsMax;
    private final Deque<Event> events = new ArrayDeque<>();

    EventLog(int eventsMax) {
        this.eventsMax = eventsMax;
    }

    /** Adds the next version. */
    synchronized void append(Event event) {
        events.addLast(event);
        if (events.size() > eventsMax) {
            events.removeFirst();
        }
    }

    synchronized void clear() {
        events.clear();
    }

    /** The event that follows a version, or null if there is none yet. Call {@link #hasLost} first. */
    synchronized @Nullable Event after(long version) {
        if (events.isEmpty() || events.getLast().version() <= version) {
            return null;
        }
        long steps = events.getLast().version() - version;
        return steps == 1 ? events.getLast() : firstAfter(version);
    }

    synchronized long latestVersion() {
        return events.isEmpty() ? 0 : events.getLast().version();
    }

    /** Whether an event that follows a version is no longer here. */
    synchronized boolean hasLost(long version) {
        return !events.isEmpty() && events.getFirst().version() > version + 1;
    }

    private @Nullable Event firstAfter(long version) {
        for (Event event : events) {
            if (event.version() > version) {
                return event;
            }
        }
        return null;
    }

    /**
     * One version as it goes over the wire.
     *
     * @param frame not to be changed
     */
    record Event(long version, byte[] frame) {}
}
