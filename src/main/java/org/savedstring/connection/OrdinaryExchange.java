package org.savedstring.connection;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.savedstring.answer.Accept;

/** One request that is with the framework, from its head to the end of its answer. Confined to the connection's event loop. */
final class OrdinaryExchange {

    /** Longer than any browser's. */
    private static final int ACCEPT_LENGTH_MAX = 512;

    private final Exchanges exchanges;
    private final HttpRequest request;
    private final RequestLimit.Admission admission;
    private boolean received;
    private boolean answering;
    private boolean answered;
    private boolean last;

    OrdinaryExchange(Exchanges exchanges, HttpRequest request, RequestLimit.Admission admission) {
        this.exchanges = exchanges;
        this.request = request;
        this.admission = admission;
        cutAccept(request.headers());
        // HTTP/1.0 closes; its later extension for persistent connections is not supported (RFC 9112, appendix C.2.2).
        this.last = !HttpUtil.isKeepAlive(request) || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** The framework reads all of it, with an object for each member. */
    private static void cutAccept(HttpHeaders headers) {
        List<String> lines = headers.getAll(HttpHeaderNames.ACCEPT);
        if (lines.stream().mapToInt(String::length).sum() > ACCEPT_LENGTH_MAX) {
            String cut = String.join(",", Accept.cut(lines));
            headers.set(HttpHeaderNames.ACCEPT, cut.isEmpty() ? "*/*" : cut);
        }
    }

    HttpRequest request() {
        return request;
    }

    boolean isReceived() {
        return received;
    }

    boolean isAnswering() {
        return answering;
    }

    boolean isOver() {
        return received && answered;
    }

    /** Whether the connection ends with the answer. */
    boolean isLast() {
        return last;
    }

    /** The request has come to its end. */
    void received() {
        received = true;
        if (!answering) {
            admission.received();
        }
    }

    /** The head of the answer is there: adds to it what every answer has. */
    void answer(HttpResponse response) {
        answering = true;
        admission.answering();
        // Whoever waits for leave to send a body was refused it: what follows can't be told apart.
        last |= !received && HttpUtil.is100ContinueExpected(request);
        // What is too long is not read to its end.
        last |= !received && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        last |= exchanges.isDraining()
                || response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        response.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            // An answer of unknown length ends with the connection (RFC 9112, section 6.1).
            HttpUtil.setTransferEncodingChunked(response, false);
        }
        exchanges.complete(response, last);
    }

    void answered() {
        answered = true;
    }
}
