package org.savedstring.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of the saved string.
 *
 * @param value the string itself
 * @param version counts the writes; 0 before the first
 * @param updatedAt when the store took the write, in whole milliseconds; null for version 0
 * @param updatedBy the name of the API key that wrote it; null for version 0
 */
public record SavedString(
        String value,
        long version,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy) {

    /** What everybody sees before the first write. */
    public static final SavedString INITIAL = new SavedString("dynamic string", 0, null, null);

    /**
     * Names this version among all that were ever written. The time is part of it so that a version number given out again,
     * as happens after a store is restored from a snapshot, isn't mistaken for the old one.
     */
    public String revision() {
        return version + "-" + (updatedAt == null ? 0 : updatedAt.toEpochMilli());
    }
}
