package org.savedstring.store.valkey;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;

/**
 * A version as the stream has it; {@code prelude.lua} says how. Fields are read by name, so that entries from older and
 * newer releases are understood as far as possible.
 *
 * @param id {@code <version>-<number>}
 * @param saved what it says
 * @param store the identity of the store; empty in entries of older releases
 * @param left if this is the loss of a version: the last that is left, if any
 */
record StreamEntry(
        String id,
        SavedString saved,
        String store,
        @Nullable SavedString left) {

    /** Stands for a stream without entries. */
    static final StreamEntry NONE = new StreamEntry("0-0", SavedString.INITIAL, "", null);

    /** What {@link #decode} throws. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(Object entry, String reason) {
            super(
                    "entry %s of the stream %s can't be read: %s"
                            .formatted(idOf(entry), ValkeyStringStore.STREAM, reason),
                    null,
                    false,
                    false);
        }

        private static Object idOf(Object entry) {
            return entry instanceof List<?> list && !list.isEmpty() ? list.getFirst() : "(without an id)";
        }
    }

    /**
     * Reads an entry.
     *
     * @param entry {@code [id, [name, value, …]]}, and what is left as a third element
     * @throws Unreadable if it isn't the entry of a version
     */
    static StreamEntry decode(Object entry) {
        try {
            List<?> parts = (List<?>) entry;
            String id = (String) parts.get(0);
            Map<String, String> fields = fields((List<?>) parts.get(1));
            Object left = parts.size() > 2 ? parts.get(2) : null;
            return new StreamEntry(
                    id,
                    saved(id, fields),
                    fields.getOrDefault("store", ""),
                    left == null ? null : decode(left).saved());
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw new Unreadable(entry, String.valueOf(e.getMessage()));
        }
    }

    /** Whether this one comes after another in the stream. */
    boolean isAfter(StreamEntry other) {
        long versions = saved.version() - other.saved.version();
        return versions > 0 || (versions == 0 && number() > other.number());
    }

    static long versionOf(String id) {
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    private long number() {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private static SavedString saved(String id, Map<String, String> fields) {
        SavedString.Text text = fields.containsKey("lost")
                ? SavedString.Text.LOST
                : fields.containsKey("removed") ? SavedString.Text.REMOVED : SavedString.Text.KEPT;
        String value = fields.get("value");
        if (value == null && text == SavedString.Text.KEPT) {
            throw new IllegalArgumentException("it has no field value, only " + fields.keySet());
        }
        String at = fields.get("at");
        long version = versionOf(id);
        return new SavedString(
                Objects.requireNonNullElse(value, ""),
                version,
                at == null ? null : Instant.ofEpochMilli(Long.parseLong(at)),
                text == SavedString.Text.LOST ? null : fields.get("by"),
                version + "-" + fields.getOrDefault("rev", Objects.requireNonNullElse(at, "0")),
                text);
    }

    private static Map<String, String> fields(List<?> namesAndValues) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
            fields.put((String) namesAndValues.get(i), (String) namesAndValues.get(i + 1));
        }
        return fields;
    }
}
