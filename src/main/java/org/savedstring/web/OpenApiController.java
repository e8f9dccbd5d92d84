package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of this API. */
@Controller("/openapi.yml")
final class OpenApiController {

    /** RFC 9512. */
    private static final MediaType YAML = MediaType.of("application/yaml");

    private final byte[] document = load();

    @Get
    @Produces(MediaType.ALL)
    MutableHttpResponse<byte[]> get() {
        return HttpResponse.ok(document)
                .contentType(YAML)
                .contentLength(document.length)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
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
