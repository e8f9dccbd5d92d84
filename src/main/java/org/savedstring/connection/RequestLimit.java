package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ClientCounts;

/**
 * Bounds how many requests are with the framework at once: any more are refused before anything is spent on them, so that
 * the others don't wait. Of all together, a request counts from its end, lest slow clients keep others out, to the head
 * of its answer. Of those of one client, refused ones included, it counts from its head to the end of its body and of its
 * answer: a slow client keeps out itself only. Health checks are always answered; event streams have bounds of their own
 * and don't count.
 */
@Singleton
final class RequestLimit {

    private static final String HEALTH = "/health/";

    private final int openMax;
    private final ClientCounts ofClients;
    private final AtomicInteger open = new AtomicInteger();

    RequestLimit(
            @Value("${saved-string.http.requests-open-max}") int openMax,
            @Value("${saved-string.http.requests-per-client-max}") int perClientMax) {
        this.openMax = openMax;
        this.ofClients = new ClientCounts(perClientMax);
    }

    static boolean isForHealth(String uri) {
        return uri.startsWith(HEALTH);
    }

    int perClientMax() {
        return ofClients.max();
    }

    boolean keepsOut(String uri) {
        return open.get() >= openMax && !isForHealth(uri);
    }

    /** Counts a client's request until it {@linkplain Admission#end ends}; null if the client has too many. */
    @Nullable
    Admission admit(String uri, String client) {
        if (isForHealth(uri)) {
            return new Admission(null);
        }
        return ofClients.add(client) ? new Admission(client) : null;
    }

    /** A request that was let in. Confined to its connection's event loop. */
    final class Admission {

        private final @Nullable String client;
        private boolean isOpen;

        private Admission(@Nullable String client) {
            this.client = client;
        }

        void received() {
            isOpen = true;
            open.incrementAndGet();
        }

        void answering() {
            if (isOpen) {
                isOpen = false;
                open.decrementAndGet();
            }
        }

        /** To be called once. */
        void end() {
            answering();
            if (client != null) {
                ofClients.remove(client);
            }
        }
    }
}
