package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import org.savedstring.answer.Accept;
import org.savedstring.answer.Problem;
import org.savedstring.answer.ProblemException;
import org.savedstring.answer.ProblemWriter;
import org.savedstring.answer.Problems;
import org.savedstring.store.StoreException;

/** Answers what the service itself refuses; what the framework refuses goes through {@link FrameworkErrors}. */
@Controller
final class Errors {

    private final ProblemWriter writer;

    Errors(ProblemWriter writer) {
        this.writer = writer;
    }

    @Error(global = true)
    HttpResponse<?> problem(HttpRequest<?> request, ProblemException failure) {
        return answer(request, failure.problem());
    }

    @Error(global = true)
    HttpResponse<?> store(HttpRequest<?> request, StoreException failure) {
        boolean isRead = request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD;
        return answer(request, isRead ? Problems.ofStore(failure) : Problems.ofWrite(failure));
    }

    private HttpResponse<?> answer(HttpRequest<?> request, Problem problem) {
        return writer.reply(
                        problem,
                        Accept.of(request.getHeaders().getAll(HttpHeaders.ACCEPT))
                                .namesHtml())
                .toFramework();
    }
}
