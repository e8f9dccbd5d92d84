package org.savedstring.machine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events block by block; each must arrive in time. */
public final class EventReader implements AutoCloseable {

    private static final long BLOCK_SECONDS_MAX = 10;
    private static final String CLEAN_END = "\0end";
    private static final String BROKEN = "\0broken: ";

    private final HttpResponse<InputStream> response;
    private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();

    public EventReader(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    /** Status and headers; the body is what {@link #next} gives. */
    public Answer head() {
        return new Answer(response.statusCode(), response.headers(), new byte[0]);
    }

    /** The next version, over whatever else comes before it. */
    public Event next() {
        String block = nextBlock();
        while (!block.startsWith("id: ")) {
            if (block.startsWith("\0")) {
                throw new AssertionError("the stream ended: " + block.substring(1));
            }
            block = nextBlock();
        }
        return Event.parse(block);
    }

    /** The next block as it came: an event, a comment or the like. */
    public String nextBlock() {
        try {
            String block = blocks.poll(BLOCK_SECONDS_MAX, TimeUnit.SECONDS);
            return requireNonNull(block, "nothing came within " + BLOCK_SECONDS_MAX + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the end of the stream and says whether it was a clean one. */
    public boolean endsCleanly() {
        String block = nextBlock();
        while (!block.startsWith("\0")) {
            block = nextBlock();
        }
        return block.equals(CLEAN_END);
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            StringBuilder block = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(block.toString());
                    block.setLength(0);
                } else {
                    block.append(block.isEmpty() ? "" : "\n").append(line);
                }
            }
            blocks.add(block.isEmpty() ? CLEAN_END : BROKEN + "in the middle of " + block);
        } catch (IOException e) {
            blocks.add(BROKEN + e);
        }
    }

    /**
     * One version.
     *
     * @param id its revision
     * @param data its JSON
     */
    public record Event(String id, String data) {

        private static final JsonMapper JSON = new JsonMapper();

        private static Event parse(String block) {
            @Nullable String[] lines = block.split("\n", 2);
            return new Event(
                    requireNonNull(lines[0]).substring("id: ".length()),
                    requireNonNull(lines[1]).substring("data: ".length()));
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
