package org.savedstring.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Turns every error that the framework answers itself, such as 404 or a malformed request, into a problem. */
@Singleton
final class FrameworkErrors implements ErrorResponseProcessor<Object> {

    private final ProblemWriter writer;

    FrameworkErrors(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        HttpRequest<?> request = context.getRequest();
        HttpStatus status = statusOf(request, response.status());
        Problem problem = Problems.ofStatus(status, request.getMethodName());
        return (MutableHttpResponse<Object>) writer.fill(request, problem, response.status(status));
    }

    /** The framework answers 413 to whatever is too long, but a header or an address that is has a status of its own. */
    private static HttpStatus statusOf(HttpRequest<?> request, HttpStatus status) {
        Throwable cause = decodingFailureOf(request);
        if (cause instanceof TooLongHttpLineException) {
            return HttpStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE : status;
    }

    private static @Nullable Throwable decodingFailureOf(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                ? netty.getNativeRequest().decoderResult().cause()
                : null;
    }
}
