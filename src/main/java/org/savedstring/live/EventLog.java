package org.savedstring.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the last seconds, numbered as they were published here. Streams are mere positions in it, so a reader that
 * is slow costs no memory. Written by one thread at a time, read by all without a lock.
 */
final class EventLog {

    /** How long a reader may be away and still miss nothing; one that comes later gets the current state. */
    static final Duration KEPT = Duration.ofSeconds(30);

    private static final int BYTES_MAX = 512 * 1024;
    private static final Pattern REVISION = Pattern.compile("\\d{1,15}-\\d{1,20}");
    private static final long NOTHING_LOST = -1;

    private final int eventsMax;
    private volatile Events events = new Events(0, List.of(), NOTHING_LOST);

    EventLog(int eventsMax) {
        this.eventsMax = eventsMax;
    }

    Events events() {
        return events;
    }

    void append(Event event) {
        List<Event> kept = new ArrayList<>(events.kept);
        kept.add(event);
        int obsolete = obsolete(kept, event.atNanos() - KEPT.toNanos());
        events = new Events(
                events.first + obsolete,
                kept.subList(obsolete, kept.size()),
                obsolete == 0 ? events.lostVersion : NOTHING_LOST);
    }

    /** Any stream that is behind has lost something. */
    void clear() {
        events = new Events(events.end(), List.of(), NOTHING_LOST);
    }

    /** This version was lost: readers that had it go on with whatever comes next. */
    void lose(long version) {
        events = new Events(events.end(), List.of(), version);
    }

    /** Replaces the text of a version whose text was removed. */
    void replace(Event event) {
        List<Event> kept = new ArrayList<>(events.kept);
        kept.replaceAll(old -> old.saved().version() == event.saved().version() ? event : old);
        events = new Events(events.first, kept, events.lostVersion);
    }

    /** How many of the oldest are dropped; never the newest. */
    private int obsolete(List<Event> kept, long oldestNanos) {
        int bytes = 0;
        for (int i = kept.size() - 1; i >= 0; i--) {
            bytes += kept.get(i).bytes();
            boolean isOld = kept.get(i).atNanos() - oldestNanos < 0;
            if (i < kept.size() - 1 && (isOld || bytes > BYTES_MAX || kept.size() - i > eventsMax)) {
                return i + 1;
            }
        }
        return 0;
    }

    /**
     * What there is at one moment.
     *
     * @param first the number of the oldest
     * @param lostVersion if the oldest came after the loss of a version: that version
     */
    record Events(long first, List<Event> kept, long lostVersion) {

        Events(long first, List<Event> kept, long lostVersion) {
            this.first = first;
            this.kept = List.copyOf(kept);
            this.lostVersion = lostVersion;
        }

        /** The number that the next event will have. */
        long end() {
            return first + kept.size();
        }

        Event get(long number) {
            return kept.get((int) (number - first));
        }

        /**
         * The number of the event from which a reader goes on.
         *
         * @param lastEventId what the reader has; if that is unknown or too old, the newest comes first
         */
        long resumeFrom(@Nullable String lastEventId, long nowNanos) {
            for (long number = first; lastEventId != null && number < end(); number++) {
                if (get(number).saved().revision().equals(lastEventId)) {
                    return unlessLongAgo(number + 1, nowNanos);
                }
            }
            return lastEventId != null && isLost(lastEventId)
                    ? unlessLongAgo(first, nowNanos)
                    : Math.max(first, end() - 1);
        }

        private long unlessLongAgo(long number, long nowNanos) {
            boolean isRecent = number == end() || nowNanos - get(number).atNanos() < KEPT.toNanos();
            return isRecent ? number : end() - 1;
        }

        private boolean isLost(String eventId) {
            return REVISION.matcher(eventId).matches()
                    && Long.parseLong(eventId.substring(0, eventId.indexOf('-'))) <= lostVersion;
        }
    }
}
