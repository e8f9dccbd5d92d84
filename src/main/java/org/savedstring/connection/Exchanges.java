package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpStatus;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Accept;
import org.savedstring.answer.Problem;
import org.savedstring.answer.ProblemException;
import org.savedstring.answer.ProblemWriter;
import org.savedstring.answer.Problems;
import org.savedstring.answer.ReadRequest;
import org.savedstring.answer.Reads;
import org.savedstring.answer.Reply;
import org.savedstring.answer.StandardHeaders;
import org.savedstring.lifecycle.Draining;
import org.savedstring.management.RequestMetrics;
import org.savedstring.store.SavedString;

/** What the connections share: which requests are answered without the framework, and with what. */
@Singleton
final class Exchanges {

    private static final String OTHER = "other";

    private final Reads reads;
    private final ProblemWriter problems;
    private final StandardHeaders standardHeaders;
    private final RequestLimit limit;
    private final Draining draining;
    private final RequestMetrics metrics;
    private final boolean fastReads;
    private final Reply overloaded;

    Exchanges(
            Reads reads,
            ProblemWriter problems,
            StandardHeaders standardHeaders,
            RequestLimit limit,
            Draining draining,
            RequestMetrics metrics,
            @Value("${saved-string.http.fast-reads}") boolean fastReads) {
        this.reads = reads;
        this.problems = problems;
        this.standardHeaders = standardHeaders;
        this.limit = limit;
        this.draining = draining;
        this.metrics = metrics;
        this.fastReads = fastReads;
        this.overloaded = problems.reply(Problems.overloaded().withMore("Nothing was saved."), false);
    }

    RequestLimit limit() {
        return limit;
    }

    boolean isDraining() {
        return draining.isDraining();
    }

    /** What a plain read asks for; null if the request is anything else, or can't be answered without the framework. */
    @Nullable
    ReadRequest plainRead(HttpRequest request) {
        if (!fastReads || draining.isDraining() || !isPlain(request)) {
            return null;
        }
        try {
            return reads.requestOf(request.headers()::getAll);
        } catch (ProblemException e) {
            return null;
        }
    }

    CompletionStage<SavedString> read() {
        return reads.read();
    }

    /** The answer to a plain read. */
    FullHttpResponse answer(
            String method,
            ReadRequest request,
            @Nullable SavedString saved,
            @Nullable Throwable failure,
            long startedAtNanos) {
        Reply reply = reads.reply(request, saved, failure);
        metrics.record(method, "/", reply.status().getCode(), System.nanoTime() - startedAtNanos);
        return reply.toNetty(standardHeaders);
    }

    /** Why a request can't be understood; null if it can. */
    @Nullable
    Reply malformed(HttpRequest request) {
        if (request.decoderResult().isSuccess()) {
            return null;
        }
        return refusal(
                request, Problems.ofStatus(statusOf(request.decoderResult().cause()), OTHER));
    }

    Reply malformedBody(HttpRequest request) {
        return refusal(request, Problems.malformedBody());
    }

    /** Why a request is not let in; null if it is. */
    @Nullable
    Reply refusal(HttpRequest request) {
        if (!limit.keepsOut(request.uri())) {
            return null;
        }
        metrics.record(request.method().name(), OTHER, overloaded.status().getCode(), 0);
        return overloaded;
    }

    /** An answer as it is sent; the last one of a connection says so. */
    FullHttpResponse lastOrNot(Reply reply, boolean last) {
        FullHttpResponse response = reply.toNetty(standardHeaders);
        if (!last) {
            return response;
        }
        HttpHeaders headers = response.headers().copy();
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return new DefaultFullHttpResponse(
                response.protocolVersion(), response.status(), response.content(), headers, response.trailingHeaders());
    }

    /** Adds to an answer of the framework what every answer has. */
    void complete(HttpResponse response, boolean last) {
        standardHeaders.addTo(response.headers());
        if (last) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private Reply refusal(HttpRequest request, Problem problem) {
        metrics.record(request.method().name(), OTHER, problem.status().getCode(), 0);
        return problems.reply(
                problem,
                Accept.of(request.headers().getAll(HttpHeaderNames.ACCEPT)).namesHtml());
    }

    private static HttpStatus statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpStatus.BAD_REQUEST;
    }

    private static boolean isPlain(HttpRequest request) {
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        String connection = headers.get(HttpHeaderNames.CONNECTION);
        return request.uri().equals("/")
                && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.decoderResult().isSuccess()
                && (connection == null || HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection))
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !headers.contains(HttpHeaderNames.EXPECT);
    }
}
