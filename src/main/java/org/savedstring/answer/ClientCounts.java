package org.savedstring.answer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many of something each client has at the moment, with a bound for each; a client that has none is forgotten. */
public final class ClientCounts {

    private final int max;
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

    public ClientCounts(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    /** One more, to be {@linkplain #remove given back}; false, and nothing to give back, if that would be too many. */
    public boolean add(String client) {
        if (counts.merge(client, 1, Integer::sum) > max) {
            remove(client);
            return false;
        }
        return true;
    }

    public void remove(String client) {
        counts.computeIfPresent(client, (same, count) -> count == 1 ? null : count - 1);
    }
}
