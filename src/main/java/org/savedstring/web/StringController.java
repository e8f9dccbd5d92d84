package org.savedstring.web;

import io.micronaut.core.io.buffer.ByteBuffer;
import io.micronaut.core.io.buffer.ReferenceCounted;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
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
import org.savedstring.answer.HeaderList;
import org.savedstring.answer.Problems;
import org.savedstring.answer.Reads;
import org.savedstring.answer.Reply;

/** The string itself: read by everyone, written by whoever holds a key. */
@Controller("/")
final class StringController {

    private final Reads reads;
    private final ValueReader valueReader;
    private final Writes writes;

    StringController(Reads reads, ValueReader valueReader, Writes writes) {
        this.reads = reads;
        this.valueReader = valueReader;
        this.writes = writes;
    }

    @Get
    @Produces(MediaType.ALL)
    CompletionStage<HttpResponse<?>> get(HttpRequest<?> request) {
        return reads.answer(reads.requestOf(request.getHeaders()::getAll)).thenApply(Reply::toFramework);
    }

    @Put
    @Consumes(MediaType.ALL)
    @Produces(MediaType.ALL)
    CompletionStage<HttpResponse<?>> put(HttpRequest<?> request, @Body @Nullable ByteBuffer<?> body) {
        byte[] received = received(body);
        requireNoIfNoneMatch(request);
        requireWhole(request);
        requireIdentityEncoding(request);
        Set<String> expectedRevisions = Writes.expectedRevisions(request);
        String value = valueReader.read(received, contentType(request));
        return writes.write(request, value, expectedRevisions);
    }

    /** A copy; the buffer from Netty is released, which the framework leaves to whoever takes the body. */
    private static byte[] received(@Nullable ByteBuffer<?> body) {
        if (body == null) {
            return new byte[0];
        }
        try {
            return body.toByteArray();
        } finally {
            if (body instanceof ReferenceCounted counted) {
                counted.release();
            }
        }
    }

    private static void requireNoIfNoneMatch(HttpRequest<?> request) {
        if (request.getHeaders().contains(HttpHeaders.IF_NONE_MATCH)) {
            throw Problems.badRequest(
                    "unsupported-precondition",
                    "If-None-Match has no meaning here: there is always a string. Use If-Match.");
        }
    }

    /** RFC 9110, section 14.5. */
    private static void requireWhole(HttpRequest<?> request) {
        if (request.getHeaders().contains(HttpHeaders.CONTENT_RANGE)) {
            throw Problems.contentRange();
        }
    }

    private static void requireIdentityEncoding(HttpRequest<?> request) {
        for (String line : request.getHeaders().getAll(HttpHeaders.CONTENT_ENCODING)) {
            for (String coding : HeaderList.members(line, ',', line.length())) {
                if (!coding.equalsIgnoreCase("identity")) {
                    throw Problems.unsupportedCoding();
                }
            }
        }
    }

    private static @Nullable MediaType contentType(HttpRequest<?> request) {
        List<String> lines = request.getHeaders().getAll(HttpHeaders.CONTENT_TYPE);
        String header = String.join(", ", lines);
        if (header.isBlank()) {
            return null;
        }
        try {
            // Of two, one recipient may mean the first and another the second, so neither counts (RFC 9110, section
            // 8.3).
            return MediaType.of(header);
        } catch (IllegalArgumentException e) {
            throw Problems.unsupportedMediaType(
                    "The Content-Type is malformed; text/plain or application/json is expected.");
        }
    }
}
