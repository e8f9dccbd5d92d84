package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Counter;
import org.savedstring.store.SavedString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest version that this instance has seen confirmed, through whichever connection, and the identity of the
 * store. Every call carries both, so that a store that came back with less, or a different store, can't answer.
 * Whatever was confirmed before a call is sent must be there when it arrives: a read that overtakes another raises no
 * alarm.
 */
final class HighestConfirmed {

    private static final Logger LOG = LoggerFactory.getLogger(HighestConfirmed.class);

    private final Counter versionsLost;
    private volatile StreamEntry entry = StreamEntry.NONE;
    private volatile String store = "";

    HighestConfirmed(Counter versionsLost) {
        this.versionsLost = versionsLost;
    }

    StreamEntry entry() {
        return entry;
    }

    /** The identity of the store; empty while none is known here. */
    String store() {
        return store;
    }

    /** Takes note of an entry that a confirmed answer had. */
    synchronized void see(StreamEntry seen) {
        if (store.isEmpty()) {
            store = seen.store();
        }
        if (seen.isAfter(entry)) {
            entry = seen;
            if (seen.saved().isLost()) {
                tellLoss(seen);
            }
        }
    }

    private void tellLoss(StreamEntry loss) {
        versionsLost.increment();
        SavedString left = loss.left();
        LOG.error(
                "Version {} was lost: Valkey had confirmed it and came back without it; the latest it has is version {}."
                        + " Readers are told so (SAVED_STRING_STORE_LOSS) until the string is written again: PUT it, or"
                        + " restore a version from the history. docs/trouble.md has more.",
                loss.saved().version(),
                left == null ? 0 : left.version());
    }
}
