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
import org.savedstring.answer.Bodies;
import org.savedstring.answer.Reply;
import org.savedstring.answer.Representation;

/** The page for writers who would rather click. It is the same for everybody; what it shows, it asks the API for. */
@Controller("/edit")
final class EditController {

    private static final String VIEW = "edit";

    private final Reply page;

    EditController(Bodies bodies, @Value("${saved-string.value-bytes-max}") int bytesMax) {
        page = Reply.of(
                HttpStatus.OK,
                Map.of(
                        HttpHeaders.CONTENT_TYPE,
                        Representation.HTML.contentType(),
                        HttpHeaders.CACHE_CONTROL,
                        "no-cache"),
                bodies.html(VIEW, Map.of("bytesMax", bytesMax)));
    }

    @Get
    @Produces(MediaType.ALL)
    HttpResponse<?> edit() {
        return page.toFramework();
    }
}
