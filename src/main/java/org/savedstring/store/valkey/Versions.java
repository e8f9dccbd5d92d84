package org.savedstring.store.valkey;

import java.time.Instant;
import java.util.List;
import org.savedstring.store.SavedString;

/** How a version is kept in the stream: the id is {@code <version>-0}, the fields are value, at and by, in this order. */
final class Versions {

    private Versions() {}

    static String id(long version) {
        return version + "-0";
    }

    /**
     * Reads an entry.
     *
     * @param entry {@code [id, [name, value, …]]}
     */
    static SavedString decode(Object entry) {
        List<?> idAndFields = (List<?>) entry;
        String id = String.valueOf(idAndFields.get(0));
        List<?> fields = (List<?>) idAndFields.get(1);
        return new SavedString(
                String.valueOf(fields.get(1)),
                Long.parseLong(id.substring(0, id.indexOf('-'))),
                Instant.ofEpochMilli(Long.parseLong(String.valueOf(fields.get(3)))),
                String.valueOf(fields.get(5)));
    }
}
