package org.savedstring.web;

import io.micronaut.http.MediaType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.Drain;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/** What the {@linkplain FastReadHandler fast way} of all connections shares: responses that are ready but for the sending. */
@Singleton
final class FastReads {

    private static final String ANYTHING = "*/*";

    private final StringStore store;
    private final Renderer renderer;
    private final ProblemWriter problems;
    private final Drain drain;
    private final RequestMetrics metrics;
    private volatile Ready latest;

    FastReads(StringStore store, Renderer renderer, ProblemWriter problems, Drain drain, RequestMetrics metrics) {
        this.metrics = metrics;
        this.store = store;
        this.renderer = renderer;
        this.problems = problems;
        this.drain = drain;
        this.latest = new Ready(renderer.render(SavedString.INITIAL));
    }

    /**
     * What a plain read asks for.
     *
     * @param ifNoneMatch null if the request is unconditional
     * @param prefersHtml decides how a problem looks
     */
    record Wanted(Representation representation, @Nullable String ifNoneMatch, boolean prefersHtml) {}

    private static final Wanted PAGE = new Wanted(Representation.HTML, null, false);

    /** Null if the framework must answer: while draining, so that it can close the connection, and if nothing is acceptable. */
    @Nullable
    Wanted wantedBy(HttpRequest request) {
        if (drain.isDraining()) {
            return null;
        }
        HttpHeaders headers = request.headers();
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        String ifNoneMatch = headers.get(HttpHeaderNames.IF_NONE_MATCH);
        if (ifNoneMatch == null && (accept == null || accept.equals(ANYTHING))) {
            return PAGE;
        }
        List<MediaType> accepted = Accept.parse(headers.getAll(HttpHeaderNames.ACCEPT));
        return Representation.negotiate(accepted)
                .map(representation -> new Wanted(representation, ifNoneMatch, Accept.prefersHtml(accepted)))
                .orElse(null);
    }

    CompletionStage<SavedString> read() {
        return store.read();
    }

    void answered(String method, FullHttpResponse response, long startedAtNanos) {
        metrics.record(method, "/", response.status().code(), System.nanoTime() - startedAtNanos);
    }

    FullHttpResponse response(Wanted wanted, @Nullable SavedString saved, @Nullable Throwable failure) {
        if (saved == null) {
            return problem(wanted, failure);
        }
        Rendering rendering = renderer.render(saved);
        Ready ready = latest;
        if (ready.rendering != rendering) {
            ready = new Ready(rendering);
            latest = ready;
        }
        return ready.response(wanted);
    }

    private FullHttpResponse problem(Wanted wanted, @Nullable Throwable failure) {
        Problem problem = failure instanceof StoreException known ? Problems.ofStore(known) : Problems.internalError();
        return response(
                HttpResponseStatus.valueOf(problem.status().getCode()),
                problems.document(problem, wanted.prefersHtml()));
    }

    /** A problem as it is sent without the framework. */
    static FullHttpResponse response(HttpResponseStatus status, ProblemWriter.Document document) {
        HttpHeaders headers = newHeaders();
        document.headers().forEach(headers::set);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, document.body().length);
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                Unpooled.wrappedBuffer(document.body()),
                headers,
                EmptyHttpHeaders.INSTANCE);
    }

    /** Only from constants and what is already known to be harmless, so there is nothing to validate. */
    private static HttpHeaders newHeaders() {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        SecurityHeaders.ALL.forEach((name, value) -> set(headers, name, value));
        return headers;
    }

    /** As bytes already, which are cheaper to send than text. */
    private static void set(HttpHeaders headers, CharSequence name, String value) {
        headers.set(AsciiString.of(name), AsciiString.of(value));
    }

    /** One version, ready to be sent. */
    private static final class Ready {

        private final Rendering rendering;
        private final Map<Representation, ReadyEntity> entities = new EnumMap<>(Representation.class);

        Ready(Rendering rendering) {
            this.rendering = rendering;
            for (Representation representation : Representation.values()) {
                entities.put(representation, new ReadyEntity(rendering.as(representation), representation));
            }
        }

        FullHttpResponse response(Wanted wanted) {
            return java.util.Objects.requireNonNull(entities.get(wanted.representation()))
                    .response(wanted.ifNoneMatch());
        }
    }

    /** One representation of one version; its headers and body are shared by all responses. */
    private static final class ReadyEntity {

        private final String entityTag;
        private final HttpHeaders headers = newHeaders();
        private final HttpHeaders notModifiedHeaders = newHeaders();
        private final ByteBuf body;

        ReadyEntity(Entity entity, Representation representation) {
            entityTag = entity.entityTag();
            body = Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer(entity.body()).asReadOnly());
            for (HttpHeaders each : List.of(headers, notModifiedHeaders)) {
                set(each, HttpHeaderNames.ETAG, entityTag);
                StringHeaders.ALL.forEach((name, value) -> set(each, name, value));
            }
            set(
                    headers,
                    HttpHeaderNames.CONTENT_TYPE,
                    representation.contentType().toString());
            set(headers, HttpHeaderNames.CONTENT_LENGTH, String.valueOf(entity.body().length));
        }

        FullHttpResponse response(@Nullable String ifNoneMatch) {
            return ifNoneMatch != null && EntityTag.matches(ifNoneMatch, entityTag)
                    ? response(HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER, notModifiedHeaders)
                    : response(HttpResponseStatus.OK, body.duplicate(), headers);
        }

        private static FullHttpResponse response(HttpResponseStatus status, ByteBuf content, HttpHeaders headers) {
            return new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, content, headers, EmptyHttpHeaders.INSTANCE);
        }
    }
}
