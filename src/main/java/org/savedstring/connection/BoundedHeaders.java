package org.savedstring.connection;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * The headers of a request, or its trailers: no more lines, and no more members of lists, than an honest client sends. Netty
 * and the framework make an object of each, whatever it is for, so the decoder is told where to stop (RFC 6585, section 5).
 */
final class BoundedHeaders extends DefaultHttpHeaders {

    /** All lines together. */
    static final int BYTES_MAX = 8_192;

    /** A browser and a load balancer send some twenty. */
    static final int LINES_MAX = 100;

    /** In all lines together; a browser sends about as many. */
    static final int MEMBERS_MAX = 500;

    /** Their readers here look at so many members only; in cookies, which nobody reads, a comma separates nothing. */
    private static final List<AsciiString> BOUNDED_ELSEWHERE = List.of(
            HttpHeaderNames.ACCEPT, HttpHeaderNames.IF_MATCH, HttpHeaderNames.IF_NONE_MATCH, HttpHeaderNames.COOKIE);

    private int lines;
    private int members;

    private BoundedHeaders(DefaultHttpHeadersFactory validation) {
        super(validation.getNameValidator(), validation.getValueValidator());
    }

    /** Makes such headers instead of those of a factory. */
    static HttpHeadersFactory factory(DefaultHttpHeadersFactory unbounded) {
        return new HttpHeadersFactory() {

            @Override
            public HttpHeaders newHeaders() {
                return new BoundedHeaders(unbounded);
            }

            @Override
            public HttpHeaders newEmptyHeaders() {
                return new BoundedHeaders(unbounded);
            }
        };
    }

    /** What the decoder calls for each line. */
    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        lines++;
        countMembers(name, value.toString());
        if (lines > LINES_MAX || members > MEMBERS_MAX) {
            throw new TooLongHttpHeaderException("too many lines, or members of lists");
        }
        return super.add(name, value);
    }

    private void countMembers(CharSequence name, String value) {
        int comma = value.indexOf(',');
        if (comma < 0 || isBoundedElsewhere(name)) {
            return;
        }
        while (comma >= 0) {
            members++;
            comma = value.indexOf(',', comma + 1);
        }
    }

    private static boolean isBoundedElsewhere(CharSequence name) {
        for (AsciiString known : BOUNDED_ELSEWHERE) {
            if (known.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
