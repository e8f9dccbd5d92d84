package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import org.savedstring.answer.Accept;
import org.savedstring.answer.Problem;
import org.savedstring.answer.ProblemWriter;
import org.savedstring.answer.Problems;
import org.savedstring.answer.Reply;

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
        Problem problem = Problems.ofStatus(response.status(), request.getMethodName());
        Reply reply = writer.reply(
                problem,
                Accept.of(request.getHeaders().getAll(HttpHeaders.ACCEPT)).namesHtml());
        reply.headers().forEach(response::header);
        MutableHttpResponse<?> answered = response.status(problem.status()).body(reply.body());
        return (MutableHttpResponse<Object>) answered;
    }
}
