package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.savedstring.answer.Problems;
import org.savedstring.live.EventStreams;
import org.savedstring.store.StringStore;

/** Every new version as it comes, as server-sent events (HTML Living Standard, section 9.2). */
@Controller("/events")
final class EventsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final long NONE = -1;

    private final StringStore store;
    private final EventStreams streams;

    EventsController(StringStore store, EventStreams streams) {
        this.store = store;
        this.streams = streams;
    }

    @Get
    @Produces(MediaType.ALL)
    CompletionStage<MutableHttpResponse<Publisher<byte[]>>> events(HttpRequest<?> request) {
        long lastEventId = lastEventId(request.getHeaders().get(LAST_EVENT_ID));
        if (!streams.hasRoom()) {
            throw Problems.tooManyStreams(streams.streamsMax());
        }
        return store.read()
                .thenApply(current -> HttpResponse.ok(streams.open(current, lastEventId))
                        .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-cache"));
    }

    private static long lastEventId(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return NONE;
        }
        if (!header.matches("\\d{1,15}")) {
            throw Problems.badRequest("malformed-last-event-id", "Last-Event-ID is not a version number.");
        }
        return Long.parseLong(header);
    }
}
