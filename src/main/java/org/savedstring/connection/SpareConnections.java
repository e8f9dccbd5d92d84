package org.savedstring.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A few connections beyond the bounds, for a moment: the one that came first makes room for one that comes. */
final class SpareConnections {

    static final int MAX = 256;

    private final Deque<OneTooMany> open = new ArrayDeque<>();

    void add(OneTooMany one) {
        OneTooMany first = addAndFindTooMany(one);
        if (first != null) {
            first.end();
        }
    }

    synchronized void remove(OneTooMany one) {
        open.remove(one);
    }

    private synchronized @Nullable OneTooMany addAndFindTooMany(OneTooMany one) {
        open.add(one);
        return open.size() > MAX ? open.remove() : null;
    }
}
