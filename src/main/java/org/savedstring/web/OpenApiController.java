package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.savedstring.answer.Reply;

/** The description of this API. */
@Controller("/openapi.yml")
final class OpenApiController {

    /** RFC 9512. */
    private static final String YAML = "application/yaml";

    private final Reply document = Reply.of(
            HttpStatus.OK, Map.of(HttpHeaders.CONTENT_TYPE, YAML, HttpHeaders.CACHE_CONTROL, "no-cache"), load());

    @Get
    @Produces(MediaType.ALL)
    HttpResponse<?> get() {
        return document.toFramework();
    }

    private static byte[] load() {
        try (InputStream resource = OpenApiController.class.getResourceAsStream("/openapi.yml")) {
            if (resource == null) {
                throw new IllegalStateException("openapi.yml is missing in the jar");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
