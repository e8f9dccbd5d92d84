package org.savedstring.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.StateBody;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Many versions as one JSON array, made a page at a time while it is being sent: of a client that reads slowly no more than
 * two pages wait. A store that fails meanwhile ends the answer in the middle, which is no JSON.
 *
 * @param firstPage the newest of them
 * @param limit how many versions at most
 */
record HistoryPages(StringStore store, Bodies bodies, List<SavedString> firstPage, int limit) {

    /** With the longest strings about as many bytes as a connection may be behind. */
    static final int PAGE_VERSIONS = 32;

    private static final byte[] END = "]".getBytes(StandardCharsets.US_ASCII);

    /** Some versions, what goes before them, and how many more there may be. */
    private record Page(char opening, List<SavedString> versions, int left) {}

    /** The array, a piece for each page. */
    Flux<byte[]> pieces() {
        return Flux.just(new Page('[', firstPage, limit - firstPage.size()))
                .expand(this::pageAfter)
                .map(this::pieceOf)
                .concatWithValues(END);
    }

    private Mono<Page> pageAfter(Page page) {
        return page.left() == 0
                ? Mono.empty()
                : Mono.fromCompletionStage(() -> store.history(
                                Math.min(page.left(), PAGE_VERSIONS),
                                page.versions().getLast().version()))
                        .filter(older -> !older.isEmpty())
                        .map(older -> new Page(',', older, page.left() - older.size()));
    }

    private byte[] pieceOf(Page page) {
        StringBuilder text = new StringBuilder();
        char separator = page.opening();
        for (SavedString version : page.versions()) {
            text.append(separator).append(bodies.jsonText(StateBody.of(version)));
            separator = ',';
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
