package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.savedstring.Drain;

/** While the instance drains, lets each connection end with its next answer, so that clients move on without an error. */
@ServerFilter("/**")
final class DrainFilter {

    private final Drain drain;

    DrainFilter(Drain drain) {
        this.drain = drain;
    }

    @ResponseFilter
    void closeWhileDraining(MutableHttpResponse<?> response) {
        if (drain.isDraining()) {
            response.header(HttpHeaders.CONNECTION, "close");
        }
    }
}
