package org.savedstring.web;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page for writers who would rather click. It is the same for everybody; what it shows, it asks the API for. */
@Controller("/edit")
final class EditController {

    private static final String VIEW = "edit";

    private final byte[] page;

    EditController(
            HandlebarsViewsRenderer<Map<String, Integer>, ?> views,
            @Value("${saved-string.value-bytes-max}") int bytesMax) {
        StringWriter writer = new StringWriter();
        try {
            views.render(VIEW, Map.of("bytesMax", bytesMax), null).writeTo(writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        page = writer.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Get
    @Produces(MediaType.ALL)
    HttpResponse<byte[]> edit() {
        return HttpResponse.ok(page)
                .contentType(Representation.HTML.contentType())
                .contentLength(page.length)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
}
