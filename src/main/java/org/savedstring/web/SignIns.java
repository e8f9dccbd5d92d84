package org.savedstring.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.savedstring.answer.ClientAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who was let in to write or to see the history, and who was not. A flood of wrong keys costs a line of log a second. */
@Singleton
final class SignIns {

    private static final Logger LOG = LoggerFactory.getLogger("org.savedstring.changes");
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final ClientAddress clientAddress;
    private final AtomicLong lastLineAtNanos = new AtomicLong(System.nanoTime() - PERIOD_NANOS);
    private final AtomicLong unsaid = new AtomicLong();

    SignIns(MeterRegistry registry, ClientAddress clientAddress) {
        this.registry = registry;
        this.clientAddress = clientAddress;
    }

    void accepted() {
        count("accepted");
    }

    /** Says so, with how many went unsaid before; never the key. */
    void refused(HttpRequest<?> request, String reason) {
        count(reason);
        long now = System.nanoTime();
        long last = lastLineAtNanos.get();
        if (now - last < PERIOD_NANOS || !lastLineAtNanos.compareAndSet(last, now)) {
            unsaid.incrementAndGet();
            return;
        }
        LOG.atWarn()
                .addKeyValue("outcome", reason)
                .addKeyValue(
                        "address",
                        clientAddress.of(request.getHeaders().getAll(ClientAddress.HEADER), request.getRemoteAddress()))
                .addKeyValue("unsaid", unsaid.getAndSet(0))
                .log("not let in");
    }

    private void count(String outcome) {
        registry.counter("saved.string.sign.ins", "outcome", outcome).increment();
    }
}
