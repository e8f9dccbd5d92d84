package org.savedstring.live;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.StateBody;
import org.savedstring.live.ConfirmedReads.Confirmation;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all streams of this instance show. */
final class Broadcast implements ConfirmedReads.Display {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);

    private final StringStore store;
    private final Bodies bodies;
    private final EventLog log;
    private final Map<EventLoop, StreamGroup> groups = new ConcurrentHashMap<>();
    private volatile SavedString newest = SavedString.INITIAL;
    private volatile @Nullable Confirmed confirmed;

    /**
     * What those streams are told that have every event before a certain number.
     *
     * @param end the number of the event that would follow
     */
    record Confirmed(Confirmation confirmation, long end, Frame frame) {}

    Broadcast(StringStore store, Bodies bodies, EventLog log) {
        this.store = store;
        this.bodies = bodies;
        this.log = log;
    }

    /**
     * Begins with what was written lately, elsewhere.
     *
     * @param newestFirst the last versions
     */
    void begin(List<SavedString> newestFirst, long nowMs, long nowNanos) {
        for (SavedString version : newestFirst.reversed()) {
            if (version.isLost()) {
                log.lose(version.version());
            }
            if (version.text() != SavedString.Text.KEPT) {
                continue;
            }
            long agoMs = version.updatedAt() == null
                    ? 0
                    : nowMs - version.updatedAt().toEpochMilli();
            // The clock elsewhere may differ.
            append(version, nowNanos - Math.max(0, agoMs) * 1_000_000);
        }
        if (newest == SavedString.INITIAL) {
            append(SavedString.INITIAL, nowNanos);
        }
    }

    StreamGroup groupOf(EventLoop eventLoop) {
        return groups.computeIfAbsent(eventLoop, loop -> new StreamGroup(loop, this));
    }

    void forEachGroup(Consumer<StreamGroup> action) {
        groups.values().forEach(action);
    }

    EventLog.Events events() {
        return log.events();
    }

    /** What may be told at the moment; null for nothing. */
    @Nullable
    Confirmed confirmed() {
        Confirmed latest = confirmed;
        return latest != null && latest.confirmation.isValid() ? latest : null;
    }

    /** What the change feed brings: the next version, or one whose text was taken back. */
    synchronized void publish(SavedString version) {
        if (version.isLost()) {
            // No string to show: who comes again is told, or shown what is left.
            unconfirmed("version " + version.version() + " was lost");
            log.lose(version.version());
        } else if (version.version() > newest.version()) {
            append(version, System.nanoTime());
            forEachGroup(StreamGroup::published);
        } else if (version.version() < newest.version()) {
            log.replace(Event.of(version, System.nanoTime(), bodies));
        }
    }

    @Override
    public SavedString newest() {
        return newest;
    }

    /** In order and without a gap, whether the change feed has them already or not. */
    @Override
    public CompletionStage<?> showUpTo(SavedString current) {
        long missing = current.version() - newest.version();
        if (missing == 1) {
            publish(current);
        }
        if (missing <= 1) {
            return CompletableFuture.completedStage(null);
        }
        // Up to this version, whatever was written since: the oldest of those that are missing must be among them.
        return store.history(Math.toIntExact(missing), current.version() + 1).thenAccept(found -> {
            found.reversed().forEach(this::publishIfNewer);
            publishIfNewer(current);
        });
    }

    private synchronized void publishIfNewer(SavedString version) {
        if (version.version() > newest.version()) {
            publish(version);
        }
    }

    @Override
    public synchronized void confirmed(Confirmation confirmation) {
        String at = StateBody.timeOf(confirmation.at());
        confirmed = new Confirmed(confirmation, log.events().end(), Frame.of("event: confirmed\ndata: " + at + "\n\n"));
    }

    @Override
    public synchronized void unconfirmed(String reason) {
        confirmed = null;
        LOG.warn("event streams end: {}", reason);
        forEachGroup(StreamGroup::endAll);
    }

    @Override
    public synchronized void lost(SavedString current) {
        unconfirmed("the store has revision " + current.revision() + " where " + newest.revision() + " was shown");
        log.clear();
        append(current, System.nanoTime());
    }

    private void append(SavedString version, long atNanos) {
        if (version.version() > Math.max(newest.version(), log.events().lostVersion()) + 1) {
            // A reader that has the one before would not notice that it missed something.
            log.clear();
        }
        log.append(Event.of(version, atNanos, bodies));
        newest = version;
    }
}
