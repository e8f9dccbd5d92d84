package org.savedstring.live;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.savedstring.answer.StandardHeaders;

/** The head of the answer that a stream is, made once a second. */
final class StreamHead {

    private final StandardHeaders standardHeaders;
    private volatile Made latest;

    StreamHead(StandardHeaders standardHeaders) {
        this.standardHeaders = standardHeaders;
        this.latest = make(standardHeaders.now());
    }

    /** As it is sent; the body follows, chunked or until the connection is closed. */
    Frame frame() {
        StandardHeaders.Second now = standardHeaders.now();
        Made made = latest;
        if (made.second != now) {
            made = make(now);
            latest = made;
        }
        return made.frame;
    }

    /** Never compressed, whoever asks for that, and cached by nobody on the way. */
    HttpHeaders headers(boolean chunked) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        headers.set("X-Accel-Buffering", "no");
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        if (chunked) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        standardHeaders.addTo(headers);
        return headers;
    }

    private Made make(StandardHeaders.Second second) {
        return new Made(second, Frame.around(text(headers(true)), text(headers(false))));
    }

    private static String text(HttpHeaders headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\n");
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        headers.forEach(header -> text.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        return text.append("\r\n").toString();
    }

    private record Made(StandardHeaders.Second second, Frame frame) {}
}
