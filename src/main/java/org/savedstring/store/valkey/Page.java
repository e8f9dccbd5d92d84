package org.savedstring.store.valkey;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of the stream small enough to take little time on any network.
 *
 * @param entries those that can be read
 * @param lastId of the last entry, whether it can be read or not; empty if there is none
 * @param hasMore whether the next page has any
 */
record Page(List<StreamEntry> entries, String lastId, boolean hasMore) {

    /** A sixtieth of a second on the slowest node's network. */
    static final int BYTES_MAX = 128 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Page.class);

    /**
     * What to ask for.
     *
     * @param from the first id, or {@code (} and the one before it
     */
    record Wanted(boolean newestFirst, String from, String to, int entriesMax, int bytesMax) {

        static Wanted newestFirst(String from, int entriesMax) {
            return new Wanted(true, from, "-", entriesMax, BYTES_MAX);
        }

        static Wanted oldestFirstAfter(String id) {
            return new Wanted(false, "(" + id, "+", Integer.MAX_VALUE, BYTES_MAX);
        }

        static Wanted version(long version) {
            return new Wanted(false, version + "-0", version + "-0", 1, BYTES_MAX);
        }
    }

    /**
     * Reads a page.
     *
     * @param reply {@code ["more" or "end", entry…]}
     */
    static Page decode(List<Object> reply) {
        List<StreamEntry> entries = new ArrayList<>();
        String lastId = "";
        for (Object entry : reply.subList(1, reply.size())) {
            lastId = String.valueOf(((List<?>) entry).getFirst());
            try {
                entries.add(StreamEntry.decode(entry));
            } catch (StreamEntry.Unreadable e) {
                LOG.debug("left out: {}", e.getMessage());
            }
        }
        return new Page(entries, lastId, "more".equals(reply.getFirst()));
    }
}
