package org.savedstring.answer;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/** Writes a problem: as a document for programs, as a small page for browsers. */
@Singleton
public final class ProblemWriter {

    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String VIEW = "problem";

    private final Bodies bodies;

    ProblemWriter(Bodies bodies) {
        this.bodies = bodies;
    }

    public Reply reply(Problem problem, boolean html) {
        Map<String, String> headers = new TreeMap<>(problem.headers());
        headers.put(HttpHeaders.CONTENT_TYPE, html ? Representation.HTML.contentType() : PROBLEM_JSON);
        headers.put(HttpHeaders.CACHE_CONTROL, "no-store");
        return Reply.of(problem.status(), headers, html ? bodies.html(VIEW, model(problem)) : bodies.json(problem));
    }

    private static Map<String, Object> model(Problem problem) {
        return Map.of(
                "status", problem.status().getCode(),
                "title", problem.status().getReason(),
                "detail", problem.detail(),
                "temporary", problem.status() == HttpStatus.SERVICE_UNAVAILABLE);
    }
}
