package org.savedstring.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a representation, and remembers what it chose: browsers ask with a few headers only, over and over. As many are
 * remembered as there are places, so whoever sends a new one each time makes it forget others, and no more.
 */
final class Negotiation {

    private static final int PLACES = 256;
    private static final int LENGTH_MAX = 512;

    /** Written and read by all threads without a lock: a place holds one whole choice or another. */
    private final @Nullable Choice[] places = new Choice[PLACES];

    /** Null if nothing that is acceptable can be had. */
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
