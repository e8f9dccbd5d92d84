package org.savedstring.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import org.savedstring.lifecycle.Draining;

/**
 * What the load balancer asks. Neither answer depends on Valkey: a dead store must not make the group replace healthy
 * instances.
 */
@Controller("/health")
final class HealthController {

    private static final String UP = "{\"status\":\"UP\"}";
    private static final String DRAINING = "{\"status\":\"DRAINING\"}";

    private final Draining draining;

    HealthController(Draining draining) {
        this.draining = draining;
    }

    @Get("/liveness")
    String liveness() {
        return UP;
    }

    @Get("/readiness")
    HttpResponse<String> readiness() {
        return draining.isDraining()
                ? HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE).body(DRAINING)
                : HttpResponse.ok(UP);
    }
}
