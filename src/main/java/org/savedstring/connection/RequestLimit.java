package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many requests are with the framework at once, whatever their connection: one more is refused before anything
 * was spent on it, so that the others don't wait for it. A request is counted from its end, lest a slow client keep others
 * out, to the head of its answer, lest an open stream do. Health is always told, and streams have a bound of their own:
 * those that ended with another instance come back all at once.
 */
@Singleton
final class RequestLimit {

    private static final String HEALTH = "/health/";
    private static final String EVENTS = "/events";

    private final int openMax;
    private final AtomicInteger open = new AtomicInteger();

    RequestLimit(@Value("${saved-string.http.requests-open-max}") int openMax) {
        this.openMax = openMax;
    }

    boolean keepsOut(String uri) {
        return open.get() >= openMax && !uri.startsWith(HEALTH) && !uri.startsWith(EVENTS);
    }

    void enter() {
        open.incrementAndGet();
    }

    void leave() {
        open.decrementAndGet();
    }
}
