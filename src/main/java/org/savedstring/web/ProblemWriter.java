package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Writes a problem: as a document for programs, as a small page for browsers. */
@Singleton
final class ProblemWriter {

    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String HTML = "text/html;charset=UTF-8";
    private static final String VIEW = "problem";

    private final Renderer renderer;
    private final HandlebarsViewsRenderer<Map<String, Object>, ?> views;

    ProblemWriter(Renderer renderer, HandlebarsViewsRenderer<Map<String, Object>, ?> views) {
        this.renderer = renderer;
        this.views = views;
    }

    MutableHttpResponse<?> answer(HttpRequest<?> request, Problem problem) {
        return fill(request, problem, HttpResponse.status(problem.status()));
    }

    MutableHttpResponse<?> fill(HttpRequest<?> request, Problem problem, MutableHttpResponse<?> response) {
        Document document = document(problem, Accept.prefersHtml(Accept.of(request)));
        document.headers().forEach(response::header);
        return response.body(document.body()).contentLength(document.body().length);
    }

    Document document(Problem problem, boolean html) {
        Map<String, String> headers = new TreeMap<>(problem.headers());
        headers.put(HttpHeaders.CONTENT_TYPE, html ? HTML : PROBLEM_JSON);
        headers.put(HttpHeaders.CACHE_CONTROL, "no-store");
        return new Document(headers, html ? page(problem) : renderer.json(problem.body()));
    }

    /** A problem as it is sent, but for its status. */
    record Document(Map<String, String> headers, byte[] body) {}

    private byte[] page(Problem problem) {
        StringWriter page = new StringWriter();
        try {
            views.render(VIEW, model(problem), null).writeTo(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> model(Problem problem) {
        return Map.of(
                "status", problem.status().getCode(),
                "title", problem.status().getReason(),
                "detail", problem.detail(),
                "temporary", problem.status() == HttpStatus.SERVICE_UNAVAILABLE);
    }
}
