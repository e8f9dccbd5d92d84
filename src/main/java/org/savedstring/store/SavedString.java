package org.savedstring.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of the saved string.
 *
 * @param value the string itself; empty if its text is no longer there
 * @param version counts the writes; 0 before the first
 * @param updatedAt when the store took the write, in whole milliseconds; null for version 0
 * @param updatedBy the name of the API key that wrote it; null for version 0 and for one that was lost
 * @param revision names this version among all that were ever written: the version, and a number that is used once, so
 *     that a version number given out again after a restore isn't mistaken for the old one
 * @param text what became of the text
 */
public record SavedString(
        String value,
        long version,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy,
        String revision,
        Text text) {

    /** What everybody sees before the first write. */
    public static final SavedString INITIAL = new SavedString("dynamic string", 0, null, null, "0-0", Text.KEPT);

    /** What became of a version's text. */
    public enum Text {
        /** It is there. */
        KEPT,
        /** Somebody had it removed; who wrote it and when is still known. */
        REMOVED,
        /** The store had confirmed it, and came back without it; the time is when that was noticed. */
        LOST
    }

    public boolean isLost() {
        return text == Text.LOST;
    }
}
