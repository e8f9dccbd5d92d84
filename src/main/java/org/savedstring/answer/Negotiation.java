package org.savedstring.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a representation and remembers the choice, since browsers send the same few headers over and over. Only so
 * many are remembered: a client that sends a new header each time displaces others, and does no worse.
 */
final class Negotiation {

    private static final int PLACES = 256;
    private static final int LENGTH_MAX = 512;

    /** Written and read by all threads without a lock: a place holds one whole choice or another. */
    private final @Nullable Choice[] places = new Choice[PLACES];

    /** Null if nothing available is acceptable. */
    @Nullable
    ReadRequest of(List<String> accept) {
        if (accept.size() != 1 || accept.getFirst().length() > LENGTH_MAX) {
            return choose(accept);
        }
        String header = accept.getFirst();
        int place = Math.floorMod(header.hashCode(), PLACES);
        Choice known = places[place];
        if (known == null || !known.accept.equals(header)) {
            known = new Choice(header, choose(accept));
            places[place] = known;
        }
        return known.request;
    }

    private static @Nullable ReadRequest choose(List<String> lines) {
        Accept accept = Accept.of(lines);
        return accept.preferred()
                .map(representation -> new ReadRequest(representation, null, null, accept.namesHtml()))
                .orElse(null);
    }

    private record Choice(String accept, @Nullable ReadRequest request) {}
}
