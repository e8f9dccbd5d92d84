package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes a problem: as a document for programs, as a small page for browsers. */
@Singleton
final class ProblemWriter {

    private static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");
    private static final MediaType HTML =
            new MediaType(MediaType.TEXT_HTML, Map.of("charset", StandardCharsets.UTF_8.name()));
    private static final String VIEW = "problem";

    private final Renderer renderer;
    private final HandlebarsViewsRenderer<Problem.Body, ?> views;

    ProblemWriter(Renderer renderer, HandlebarsViewsRenderer<Problem.Body, ?> views) {
        this.renderer = renderer;
        this.views = views;
    }

    MutableHttpResponse<?> answer(HttpRequest<?> request, Problem problem) {
        return fill(request, problem, HttpResponse.status(problem.status()));
    }

    MutableHttpResponse<?> fill(HttpRequest<?> request, Problem problem, MutableHttpResponse<?> response) {
        boolean html = Accept.prefersHtml(request);
        byte[] body = html ? page(problem) : renderer.json(problem.body());
        problem.headers().forEach(response::header);
        return response.body(body)
                .contentType(html ? HTML : PROBLEM_JSON)
                .contentLength(body.length)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private byte[] page(Problem problem) {
        StringWriter page = new StringWriter();
        try {
            views.render(VIEW, problem.body(), null).writeTo(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }
}
