package org.savedstring.connection;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Problem;
import org.savedstring.answer.Problems;

/**
 * What HTTP asks of a request before anybody looks at what it is for (RFC 9110 and 9112). A proxy and a service that
 * understand such a request differently can be played off against each other, so it is refused and the connection ends.
 */
final class RequestCheck {

    /** Case matters (RFC 9110, section 9.1). */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE");

    private RequestCheck() {}

    /** What is wrong; null if nothing is. */
    static @Nullable Problem problemOf(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return ofDecoder(request.decoderResult().cause());
        }
        HttpHeaders headers = request.headers();
        if (!isSpoken(request.protocolVersion())) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                    ? Problems.malformed("The protocol's name, HTTP, is written in capitals.")
                    : Problems.versionNotSupported();
        }
        if (!METHODS.contains(request.method().name())) {
            return Problems.methodNotImplemented();
        }
        if (!hasOneValidHost(request)) {
            return Problems.malformed(
                    "A request needs exactly one Host header, which names a host and perhaps a port.");
        }
        if (isTransferCodingUnknown(headers)) {
            return Problems.transferCodingNotImplemented();
        }
        if (isExpectationUnknown(headers)) {
            return Problems.expectationFailed();
        }
        return null;
    }

    /** What is wrong with a body that can't be read to its end. */
    static Problem problemOfBody(Throwable cause) {
        return cause instanceof TooLongHttpContentException
                ? Problems.tooManyChunks(
                        RequestCodec.CHUNKS_MAX, RequestCodec.CHUNKS_MAX / RequestCodec.EXTENSION_CHUNKS)
                : Problems.malformedBody();
    }

    /** Whether this is a host: a name or an address, and perhaps a port (RFC 9110, section 7.2). */
    static boolean isValidHost(CharSequence host) {
        int length = host.length();
        int end = length > 0 && host.charAt(0) == '[' ? endOfAddress(host) : endOfName(host);
        if (end <= 0) {
            return false;
        }
        if (end < length && host.charAt(end) != ':') {
            return false;
        }
        for (int i = end + 1; i < length; i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return length - end <= 6;
    }

    /** The decoder hands out these very objects if the version is written exactly so (RFC 9112, section 2.3). */
    static boolean isSpoken(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
    }

    private static Problem ofDecoder(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problems.firstLineTooLong(RequestCodec.FIRST_LINE_BYTES_MAX);
        }
        return cause instanceof TooLongHttpHeaderException
                ? Problems.headersTooLarge(
                        BoundedHeaders.BYTES_MAX, BoundedHeaders.LINES_MAX, BoundedHeaders.MEMBERS_MAX)
                : Problems.malformed("The request could not be understood.");
    }

    static boolean hasOneValidHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return switch (hosts.size()) {
            case 0 -> request.protocolVersion().equals(HttpVersion.HTTP_1_0);
            case 1 -> isValidHost(hosts.getFirst());
            default -> false;
        };
    }

    private static int endOfAddress(CharSequence host) {
        for (int i = 1; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == ']') {
                return i > 1 ? i + 1 : 0;
            }
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return 0;
            }
        }
        return 0;
    }

    private static int endOfName(CharSequence host) {
        int i = 0;
        while (i < host.length() && isOfName(host.charAt(i))) {
            if (host.charAt(i) == '%' && !RequestTarget.isEscape(host, i)) {
                return 0;
            }
            i++;
        }
        return i;
    }

    /** RFC 3986, section 3.2.2, without the comma, which would make a list of two. */
    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~%!$&'()*+;=".indexOf(c) >= 0;
    }

    private static boolean isTransferCodingUnknown(HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return !codings.isEmpty()
                && (codings.size() > 1
                        || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                                codings.getFirst().strip()));
    }

    private static boolean isExpectationUnknown(HttpHeaders headers) {
        List<String> expectations = headers.getAll(HttpHeaderNames.EXPECT);
        return !expectations.isEmpty()
                && !(expectations.size() == 1
                        && HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(
                                expectations.getFirst().strip()));
    }
}
