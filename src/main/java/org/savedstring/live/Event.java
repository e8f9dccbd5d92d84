package org.savedstring.live;

import org.savedstring.answer.Bodies;
import org.savedstring.answer.StateBody;
import org.savedstring.store.SavedString;

/**
 * One version as it goes out to every stream.
 *
 * @param live for those that see it happen, as {@code GET /} shows it
 * @param missed for those that come back later; without its author, which is for the history alone
 */
record Event(SavedString saved, long atNanos, Frame live, Frame missed) {

    static Event of(SavedString saved, long atNanos, Bodies bodies) {
        var anonymous = new SavedString(
                saved.value(), saved.version(), saved.updatedAt(), null, saved.revision(), saved.text());
        return new Event(saved, atNanos, frame(saved, bodies), frame(anonymous, bodies));
    }

    int bytes() {
        return live.bytes() + missed.bytes();
    }

    private static Frame frame(SavedString saved, Bodies bodies) {
        return Frame.of("id: " + saved.revision() + "\ndata: " + bodies.jsonText(StateBody.of(saved)) + "\n\n");
    }
}
