package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.savedstring.answer.Reply;
import org.savedstring.keys.ApiKeys;
import org.savedstring.lifecycle.Draining;

/**
 * What the load balancer asks. Neither answer depends on Valkey: a dead store must not make the group replace healthy
 * instances.
 */
@Controller("/health")
@Produces(MediaType.ALL)
final class HealthController {

    private static final Reply UP = reply(HttpStatus.OK, "\"UP\"");
    private static final Reply DRAINING = reply(HttpStatus.SERVICE_UNAVAILABLE, "\"DRAINING\"");

    /** Only the management port says why. */
    private static final Reply UP_WITH_KEYS_REFUSED = reply(HttpStatus.OK, "\"UP\",\"apiKeys\":\"REFUSED\"");

    private final Draining draining;
    private final ApiKeys keys;

    HealthController(Draining draining, ApiKeys keys) {
        this.draining = draining;
        this.keys = keys;
    }

    @Get("/liveness")
    HttpResponse<?> liveness() {
        return UP.toFramework();
    }

    @Get("/readiness")
    HttpResponse<?> readiness() {
        if (draining.isDraining()) {
            return DRAINING.toFramework();
        }
        return (keys.trouble().isPresent() ? UP_WITH_KEYS_REFUSED : UP).toFramework();
    }

    private static Reply reply(HttpStatus status, String words) {
        return Reply.of(
                status,
                Map.of(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON, HttpHeaders.CACHE_CONTROL, "no-store"),
                "{\"status\":%s}".formatted(words).getBytes(StandardCharsets.UTF_8));
    }
}
