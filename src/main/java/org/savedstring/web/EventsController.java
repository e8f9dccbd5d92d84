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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.savedstring.answer.Problems;
import org.savedstring.live.EventStreams;

/** Every new version as it comes, as server-sent events (HTML Living Standard, section 9.2). */
@Controller("/events")
final class EventsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Pattern REVISION = Pattern.compile("(\\d{1,15})-\\d{1,15}");
    private static final long NONE = -1;

    private final EventStreams streams;

    EventsController(EventStreams streams) {
        this.streams = streams;
    }

    @Get
    @Produces(MediaType.ALL)
    CompletionStage<MutableHttpResponse<Publisher<byte[]>>> events(HttpRequest<?> request) {
        long lastEventId = lastEventId(request.getHeaders().get(LAST_EVENT_ID));
        if (!streams.hasRoom()) {
            throw Problems.tooManyStreams(streams.streamsMax());
        }
        return streams.current()
                .thenApply(current -> HttpResponse.ok(streams.open(current, lastEventId))
                        .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-cache"));
    }

    private static long lastEventId(@Nullable String header) {
        Matcher revision = REVISION.matcher(header == null ? "" : header);
        return revision.matches() ? Long.parseLong(revision.group(1)) : NONE;
    }
}
