package org.savedstring.web;

import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.savedstring.management.RequestMetrics;

/** Times what the framework answers. */
@ServerFilter("/**")
final class MetricsFilter {

    private static final String STARTED_AT = "saved-string.started-at-nanos";
    private static final String OTHER = "other";

    private final RequestMetrics metrics;

    MetricsFilter(RequestMetrics metrics) {
        this.metrics = metrics;
    }

    @RequestFilter
    void begin(HttpRequest<?> request) {
        request.setAttribute(STARTED_AT, System.nanoTime());
    }

    @ResponseFilter
    void end(HttpRequest<?> request, HttpResponse<?> response) {
        long startedAtNanos = request.getAttribute(STARTED_AT, Long.class).orElseGet(System::nanoTime);
        String uri = BasicHttpAttributes.getUriTemplate(request).orElse(OTHER);
        metrics.record(request.getMethodName(), uri, response.code(), System.nanoTime() - startedAtNanos);
    }
}
