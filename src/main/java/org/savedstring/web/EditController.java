package org.savedstring.web;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.Reply;
import org.savedstring.answer.Representation;
import org.savedstring.store.StringStore;

/**
 * The page for writers who would rather click. It asks the API for what it shows; the string is in it for those without
 * scripts, unless it can't be read.
 */
@Controller("/edit")
final class EditController {

    private static final String VIEW = "edit";

    private final StringStore store;
    private final Bodies bodies;
    private final int bytesMax;

    EditController(StringStore store, Bodies bodies, @Value("${saved-string.value-bytes-max}") int bytesMax) {
        this.store = store;
        this.bodies = bodies;
        this.bytesMax = bytesMax;
    }

    @Get
    @Produces(MediaType.ALL)
    CompletionStage<HttpResponse<?>> edit() {
        return store.read()
                .handle((saved, failure) ->
                        page(failure == null ? saved.value() : "").toFramework());
    }

    private Reply page(String value) {
        return Reply.of(
                HttpStatus.OK,
                Map.of(
                        HttpHeaders.CONTENT_TYPE,
                        Representation.HTML.contentType(),
                        HttpHeaders.CACHE_CONTROL,
                        "no-cache"),
                bodies.html(VIEW, Map.of("bytesMax", bytesMax, "value", value)));
    }
}
