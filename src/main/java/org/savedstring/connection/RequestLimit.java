package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many requests are with the framework at once, whatever their connection: one more is refused before anything
 * was spent on it, so that the others don't wait for it. A request is counted from its end, lest a slow client keep others
 * out, to the head of its answer. Health is always told; event streams, which have bounds of their own, are none of these.
 */
@Singleton
final class RequestLimit {

    private static final String HEALTH = "/health/";

    private final int openMax;
    private final AtomicInteger open = new AtomicInteger();

    RequestLimit(@Value("${saved-string.http.requests-open-max}") int openMax) {
        this.openMax = openMax;
    }

    boolean keepsOut(String uri) {
        return open.get() >= openMax && !uri.startsWith(HEALTH);
    }

    void enter() {
        open.incrementAndGet();
    }

    void leave() {
        open.decrementAndGet();
    }
}
