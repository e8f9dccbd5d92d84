package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events block by block. */
public final class EventReader implements AutoCloseable {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final InetSocketAddress address;
    private final List<String> headers;
    /** Bytes as characters of the same number: a chunk may end inside a character. */
    private final StringBuilder unread = new StringBuilder();

    private HttpConnection connection;
    private Answer head;

    public EventReader(InetSocketAddress address, String... headers) throws IOException {
        this.address = address;
        this.headers = new ArrayList<>(List.of(headers));
        connection = new HttpConnection(address);
        head = ask();
    }

    private Answer ask() throws IOException {
        try {
            connection.send("GET", "/events", new byte[0], headers.toArray(String[]::new));
            return connection.head();
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Status and headers; the body is what {@link #next} gives. */
    public Answer head() {
        return head;
    }

    /**
     * The next version, over whatever else comes before it. Comes back when the stream ends, as a browser does: that is
     * how readers are told that a machine stood still for so long that nothing could be confirmed.
     */
    public Event next() {
        try {
            while (true) {
                String block = block();
                if (block == null) {
                    comeBack();
                } else if (block.startsWith("id: ")) {
                    Event event = Event.parse(block);
                    goOnAfter(event.id());
                    return event;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void goOnAfter(String id) {
        int at = headers.indexOf(LAST_EVENT_ID);
        if (at >= 0) {
            headers.set(at + 1, id);
        } else {
            headers.addAll(List.of(LAST_EVENT_ID, id));
        }
    }

    private void comeBack() {
        Awaitility.await("the stream again").until(() -> {
            connection.close();
            connection = new HttpConnection(address);
            head = ask();
            return head.status() == 200;
        });
    }

    /** The next block as it came, an event, a comment or the like; null at a clean end. */
    public @Nullable String block() throws IOException {
        int end = unread.indexOf("\n\n");
        while (end < 0) {
            byte[] chunk = connection.chunk();
            if (chunk.length == 0) {
                return cleanEnd();
            }
            unread.append(new String(chunk, ISO_8859_1));
            end = unread.indexOf("\n\n");
        }
        byte[] block = unread.substring(0, end).getBytes(ISO_8859_1);
        unread.delete(0, end + 2);
        return new String(block, UTF_8);
    }

    /** Waits for the end of the stream and says whether it was a clean one. */
    public boolean endsCleanly() {
        try {
            while (block() != null) {
                // Whatever comes before the end.
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String cleanEnd() throws EOFException {
        if (!unread.isEmpty()) {
            throw new EOFException("ended in the middle of " + unread);
        }
        return null;
    }

    /**
     * One version.
     *
     * @param id its revision
     * @param data its JSON
     */
    public record Event(String id, String data) {

        private static final JsonMapper JSON = new JsonMapper();

        static Event parse(String block) {
            int line = block.indexOf('\n');
            return new Event(block.substring("id: ".length(), line), block.substring(line + 1 + "data: ".length()));
        }

        public long version() {
            return json().path("version").longValue();
        }

        public JsonNode json() {
            try {
                return JSON.readTree(data);
            } catch (IOException e) {
                throw new UncheckedIOException(data, e);
            }
        }

        public String value() {
            return json().path("value").textValue();
        }
    }
}
