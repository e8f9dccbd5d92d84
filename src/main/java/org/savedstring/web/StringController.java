package org.savedstring.web;

import io.micronaut.core.io.buffer.ByteBuffer;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/** The string itself: read by everyone, written by whoever holds a key. */
@Controller("/")
final class StringController {

    private final StringStore store;
    private final Renderer renderer;
    private final ValueReader valueReader;
    private final ChangeLog changeLog;

    StringController(StringStore store, Renderer renderer, ValueReader valueReader, ChangeLog changeLog) {
        this.store = store;
        this.renderer = renderer;
        this.valueReader = valueReader;
        this.changeLog = changeLog;
    }

    @Get
    @Produces(MediaType.ALL)
    CompletionStage<MutableHttpResponse<?>> get(HttpRequest<?> request) {
        Representation representation =
                Representation.negotiate(Accept.of(request)).orElseThrow(Problems::notAcceptable);
        String ifNoneMatch = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        return store.read().thenApply(saved -> answer(saved, representation, ifNoneMatch));
    }

    @Put
    @Consumes(MediaType.ALL)
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<MutableHttpResponse<?>> put(HttpRequest<?> request, @Body @Nullable ByteBuffer<?> body) {
        requireNoIfNoneMatch(request);
        requireIdentityEncoding(request);
        Set<String> expectedRevisions = expectedRevisions(request);
        String value = valueReader.read(body == null ? new byte[0] : body.toByteArray(), contentType(request));
        return write(request, value, expectedRevisions);
    }

    CompletionStage<MutableHttpResponse<?>> write(HttpRequest<?> request, String value, Set<String> expectedRevisions) {
        String writer = ApiKeyFilter.writerOf(request);
        return store.write(value, writer, expectedRevisions)
                .whenComplete((saved, failure) -> changeLog.log(request, writer, value, saved, failure))
                .thenApply(saved -> answer(saved, Representation.JSON, null));
    }

    private MutableHttpResponse<?> answer(
            SavedString saved, Representation representation, @Nullable String ifNoneMatch) {
        Entity entity = renderer.render(saved).as(representation);
        MutableHttpResponse<?> response = ifNoneMatch != null && EntityTag.matches(ifNoneMatch, entity.entityTag())
                ? HttpResponse.notModified()
                : HttpResponse.ok(entity.body())
                        .contentType(representation.contentType())
                        .contentLength(entity.body().length);
        StringHeaders.ALL.forEach(response::header);
        return response.header(HttpHeaders.ETAG, entity.entityTag());
    }

    private static void requireNoIfNoneMatch(HttpRequest<?> request) {
        if (request.getHeaders().contains(HttpHeaders.IF_NONE_MATCH)) {
            throw Problems.badRequest(
                    "unsupported-precondition",
                    "If-None-Match has no meaning here: there is always a string. Use If-Match.");
        }
    }

    private static void requireIdentityEncoding(HttpRequest<?> request) {
        String encoding = request.getHeaders().get(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problems.unsupportedMediaType("The body is compressed; it is taken as it is only.");
        }
    }

    static Set<String> expectedRevisions(HttpRequest<?> request) {
        List<String> headers = request.getHeaders().getAll(HttpHeaders.IF_MATCH);
        return headers.isEmpty() ? Set.of() : EntityTag.expectedRevisions(String.join(",", headers));
    }

    private static @Nullable MediaType contentType(HttpRequest<?> request) {
        String header = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
        if (header == null || header.isBlank()) {
            return null;
        }
        try {
            return MediaType.of(header);
        } catch (IllegalArgumentException e) {
            throw Problems.unsupportedMediaType(
                    "The Content-Type is malformed; text/plain or application/json is taken.");
        }
    }
}
