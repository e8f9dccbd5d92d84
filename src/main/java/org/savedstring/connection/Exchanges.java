package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpStatus;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Accept;
import org.savedstring.answer.ClientAddress;
import org.savedstring.answer.Problem;
import org.savedstring.answer.ProblemException;
import org.savedstring.answer.ProblemWriter;
import org.savedstring.answer.Problems;
import org.savedstring.answer.ReadRequest;
import org.savedstring.answer.Reads;
import org.savedstring.answer.Reply;
import org.savedstring.answer.StandardHeaders;
import org.savedstring.lifecycle.Draining;
import org.savedstring.live.EventStreams;
import org.savedstring.management.RequestMetrics;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections share: which requests are answered without the framework, and how. */
@Singleton
final class Exchanges {

    private static final String OTHER = "other";
    private static final String EVENTS = "/events";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    /** What may be done with streams; any page may read one (Fetch Standard, CORS protocol). */
    private static final Reply STREAM_OPTIONS = Reply.withoutBody(
            HttpStatus.NO_CONTENT,
            Map.of(
                    "Allow", "GET, HEAD, OPTIONS",
                    "Access-Control-Allow-Origin", "*",
                    "Access-Control-Allow-Methods", "GET, HEAD",
                    "Access-Control-Allow-Headers", "Accept, Cache-Control, Last-Event-ID",
                    "Access-Control-Max-Age", "86400"));

    private final Reads reads;
    private final ProblemWriter problems;
    private final StandardHeaders standardHeaders;
    private final RequestLimit limit;
    private final Draining draining;
    private final RequestMetrics metrics;
    private final EventStreams streams;
    private final ClientAddress clientAddress;
    private final boolean fastReads;
    private final Reply overloaded;

    Exchanges(
            Reads reads,
            ProblemWriter problems,
            StandardHeaders standardHeaders,
            RequestLimit limit,
            Draining draining,
            RequestMetrics metrics,
            EventStreams streams,
            ClientAddress clientAddress,
            @Value("${saved-string.http.fast-reads}") boolean fastReads) {
        this.reads = reads;
        this.problems = problems;
        this.standardHeaders = standardHeaders;
        this.limit = limit;
        this.draining = draining;
        this.metrics = metrics;
        this.streams = streams;
        this.clientAddress = clientAddress;
        this.fastReads = fastReads;
        this.overloaded = problems.reply(Problems.overloaded().withMore("Nothing was saved."), false);
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

    /** Why a request isn't valid HTTP; null if it is. */
    @Nullable
    Reply malformed(HttpRequest request) {
        Problem problem = RequestCheck.problemOf(request);
        return problem == null ? null : refusal(request, problem);
    }

    /** Directs a request to what it is for; the answer, if there can be nothing there. */
    @Nullable
    Reply directed(HttpRequest request) {
        String target = RequestTarget.of(request.method().name(), request.uri());
        if (target != null) {
            request.setUri(target);
            return null;
        }
        return refusal(
                request,
                request.uri().startsWith("//")
                        ? Problems.ofStatus(HttpStatus.NOT_FOUND, "")
                        : Problems.malformed("The address of the request is not valid."));
    }

    /** Why a request is not admitted; null if it is. */
    @Nullable
    Reply refusal(HttpRequest request) {
        if (isForStreams(request)) {
            return isRead(request) ? null : noSuchMethod(request);
        }
        if (!limit.keepsOut(request.uri())) {
            return null;
        }
        metrics.record(request.method().name(), OTHER, overloaded.status().getCode(), 0);
        return overloaded;
    }

    /** Counts a request other than a plain read; null if its client has as many in progress as it may. */
    RequestLimit.@Nullable Admission admit(HttpRequest request, SocketAddress peer) {
        return limit.admit(request.uri(), ClientAddress.networkOf(addressOf(request, peer)));
    }

    Reply tooManyOfClient(HttpRequest request) {
        return refusal(request, Problems.tooManyRequestsOfClient(limit.perClientMax()));
    }

    /** Whether an admitted request asks for an event stream, or for what one would be like. */
    boolean asksForStream(HttpRequest request) {
        return isForStreams(request) && isRead(request);
    }

    CompletionStage<EventStreams.Place> openStream(HttpRequest request, SocketAddress peer) {
        return streams.open(addressOf(request, peer));
    }

    private String addressOf(HttpRequest request, SocketAddress peer) {
        return clientAddress.of(request.headers().getAll(ClientAddress.HEADER), peer);
    }

    /** Makes the connection a stream. */
    void stream(HttpRequest request, EventStreams.Place place, Channel channel) {
        record(request, HttpStatus.OK);
        boolean chunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        place.take(channel, chunked, request.headers().get(LAST_EVENT_ID));
    }

    /** The answer to {@code HEAD}. */
    HttpResponse streamHead(HttpRequest request) {
        record(request, HttpStatus.OK);
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                Unpooled.EMPTY_BUFFER,
                streams.headers(),
                EmptyHttpHeaders.INSTANCE);
    }

    Reply noStream(HttpRequest request, Throwable failure) {
        Throwable cause = StoreException.causeOf(failure);
        Problem problem = switch (cause) {
            case ProblemException refused -> refused.problem();
            case StoreException known -> Problems.ofStore(known);
            case null, default -> {
                LOG.error("a stream could not be opened", cause);
                yield Problems.internalError();
            }
        };
        record(request, problem.status());
        return problems.reply(problem, false);
    }

    private Reply noSuchMethod(HttpRequest request) {
        if (request.method().equals(HttpMethod.OPTIONS)) {
            return STREAM_OPTIONS;
        }
        return refusal(
                request,
                Problems.ofStatus(
                                HttpStatus.METHOD_NOT_ALLOWED, request.method().name())
                        .withHeader(HttpHeaderNames.ALLOW.toString(), "GET, HEAD, OPTIONS"));
    }

    private void record(HttpRequest request, HttpStatus status) {
        metrics.record(request.method().name(), EVENTS, status.getCode(), 0);
    }

    private static boolean isForStreams(HttpRequest request) {
        return RequestTarget.isFor(EVENTS, request.uri());
    }

    private static boolean isRead(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** An answer as it is sent; the last on a connection says so. */
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

    /** Adds to one of the framework's answers what every answer has. */
    void complete(HttpResponse response, boolean last) {
        standardHeaders.addTo(response.headers());
        if (last) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    Reply refusal(HttpRequest request, Problem problem) {
        metrics.record(request.method().name(), OTHER, problem.status().getCode(), 0);
        return problems.reply(
                problem,
                Accept.of(request.headers().getAll(HttpHeaderNames.ACCEPT)).namesHtml());
    }

    private static boolean isPlain(HttpRequest request) {
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        String connection = headers.get(HttpHeaderNames.CONNECTION);
        return RequestTarget.isRoot(request.uri())
                && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && request.protocolVersion() == HttpVersion.HTTP_1_1
                && (connection == null || HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection))
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !headers.contains(HttpHeaderNames.EXPECT)
                && request.decoderResult().isSuccess()
                && RequestCheck.hasOneValidHost(request);
    }
}
