package org.savedstring.answer;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a client: a value that leaves through Netty or through the framework, the same either way. What every
 * answer carries, {@link StandardHeaders}, is not part of it.
 */
public final class Reply {

    private final HttpStatus status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final ByteBuf shared;
    private volatile @Nullable Head head;

    private Reply(HttpStatus status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.shared = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(body).asReadOnly());
    }

    /**
     * Says something.
     *
     * @param headers without the length, which follows from the body
     * @param body not to be changed
     */
    public static Reply of(HttpStatus status, Map<String, String> headers, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(io.micronaut.http.HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length));
        return new Reply(status, all, body);
    }

    /** Says something that has no body, as 204 and 304 have none (RFC 9110, section 6.4.1). */
    public static Reply withoutBody(HttpStatus status, Map<String, String> headers) {
        return new Reply(status, headers, new byte[0]);
    }

    public HttpStatus status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }

    /** The way out of what Netty answers; all answers share this body, and for a second their head. */
    public FullHttpResponse toNetty(StandardHeaders standard) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status.getCode()),
                shared.duplicate(),
                headAt(standard).headers,
                EmptyHttpHeaders.INSTANCE);
    }

    /** The way out of what the framework answers. */
    public MutableHttpResponse<?> toFramework() {
        MutableHttpResponse<byte[]> response = HttpResponse.status(status);
        headers.forEach(response::header);
        return body.length == 0 ? response : response.body(body);
    }

    private Head headAt(StandardHeaders standard) {
        StandardHeaders.Second now = standard.now();
        Head known = head;
        if (known == null || known.second != now) {
            known = new Head(now, newHeaders(now));
            head = known;
        }
        return known;
    }

    /** Made of constants and other harmless values, so there is nothing to validate; as bytes, which are cheaper. */
    private HttpHeaders newHeaders(StandardHeaders.Second now) {
        HttpHeaders made =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        StandardHeaders.ALL.forEach((name, value) -> set(made, name, value));
        headers.forEach((name, value) -> set(made, name, value));
        made.set(HttpHeaderNames.DATE, now.date());
        return made;
    }

    private static void set(HttpHeaders headers, String name, String value) {
        headers.set(AsciiString.of(name), AsciiString.of(value));
    }

    /** The head of an answer within one second; not to be changed. */
    private record Head(StandardHeaders.Second second, HttpHeaders headers) {}
}
