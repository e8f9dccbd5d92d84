package org.savedstring.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.StateBody;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/**
 * Many versions as one JSON array, made a page at a time while it is being sent: a client that reads slowly holds no more
 * than a page. Its reader may have to wait for the store; a store that fails meanwhile ends the answer in the middle, which
 * is no JSON.
 */
final class HistoryStream extends InputStream {

    /** With the longest strings about as many bytes as a connection may be behind. */
    static final int PAGE_VERSIONS = 32;

    private static final byte[] END = "]".getBytes(StandardCharsets.US_ASCII);

    private final StringStore store;
    private final Bodies bodies;
    private List<SavedString> page;
    private int versionsLeft;
    private byte[] ready = "[".getBytes(StandardCharsets.US_ASCII);
    private int at;
    private String separator = "";
    private boolean ended;

    HistoryStream(StringStore store, Bodies bodies, List<SavedString> firstPage, int limit) {
        this.store = store;
        this.bodies = bodies;
        this.page = firstPage;
        this.versionsLeft = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] octet = new byte[1];
        return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == ready.length) {
            if (ended) {
                return -1;
            }
            makeReady();
        }
        int count = Math.min(length, ready.length - at);
        System.arraycopy(ready, at, target, offset, count);
        at += count;
        return count;
    }

    private void makeReady() throws IOException {
        at = 0;
        if (page.isEmpty()) {
            ready = END;
            ended = true;
            return;
        }
        StringBuilder text = new StringBuilder();
        for (SavedString version : page) {
            text.append(separator).append(bodies.jsonText(StateBody.of(version)));
            separator = ",";
        }
        ready = text.toString().getBytes(StandardCharsets.UTF_8);
        versionsLeft -= page.size();
        page = versionsLeft == 0 ? List.of() : pageBefore(page.getLast().version());
    }

    private List<SavedString> pageBefore(long version) throws IOException {
        try {
            return store.history(Math.min(versionsLeft, PAGE_VERSIONS), version)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new IOException("the rest of the history can't be read", e);
        }
    }
}
