package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many requests are with the framework at once, whatever their connection: any more are refused before
 * anything is spent on them, so that the others don't wait. A request counts from its end, lest a slow client keep
 * others out, to the head of its answer. Health checks are always answered; event streams have bounds of their own and
 * don't count.
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
