package org.savedstring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times every request by method, route and status; unknown ones share a name, so that the number of series is bounded. */
@Singleton
public final class RequestMetrics {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST");
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Series(String method, String uri, int status) {}

    public void record(String method, String uri, int status, long durationNanos) {
        Series series = new Series(METHODS.contains(method) ? method : OTHER, uri, status);
        timers.computeIfAbsent(series, this::timer).record(durationNanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Series series) {
        return Timer.builder("http.server.requests")
                .description("Requests answered; those for an event stream count when it opens")
                .tags("method", series.method(), "uri", series.uri(), "status", String.valueOf(series.status()))
                .register(registry);
    }
}
