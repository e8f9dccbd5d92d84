package org.savedstring.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ClientAddress;
import org.savedstring.answer.ProblemException;
import org.savedstring.answer.Problems;
import org.savedstring.keys.Allowances;
import org.savedstring.keys.ApiKey;
import org.savedstring.management.LineLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Who was let in to write or to see the history, and who wasn't. A flood of one kind costs one line of log a second.
 */
@Singleton
final class SignIns {

    private static final Logger LOG = LoggerFactory.getLogger("org.savedstring.changes");
    private static final List<String> OUTCOMES = List.of(
            "accepted",
            "insufficient-scope",
            "key-expired",
            "key-missing",
            "key-repeated",
            "key-unknown",
            "too-many-writes",
            "too-many-wrong-keys");
    private static final int ADDRESSES_REMEMBERED_MAX = 10_000;

    private final MeterRegistry registry;
    private final ClientAddress clientAddress;
    private final Allowances wrongKeys;
    private final Map<String, LineLimit> lines = new ConcurrentHashMap<>();

    SignIns(
            MeterRegistry registry,
            ClientAddress clientAddress,
            @Value("${saved-string.keys.wrong-per-minute}") int wrongPerMinute) {
        this.registry = registry;
        this.clientAddress = clientAddress;
        // From zero: a counter that begins with a burst would hide it from whoever looks at what was added.
        OUTCOMES.forEach(this::counter);
        this.wrongKeys = new Allowances(wrongPerMinute, ADDRESSES_REMEMBERED_MAX, System::nanoTime);
    }

    void accepted() {
        count("accepted");
    }

    /** What to answer to a key that is nobody's. A valid one is accepted no matter how many wrong ones came before. */
    ProblemException wrongKey(HttpRequest<?> request) {
        Duration wait = wrongKeys.take(ClientAddress.networkOf(clientAddress.of(request)));
        refused(request, wait.isZero() ? "key-unknown" : "too-many-wrong-keys", null);
        return wait.isZero() ? Problems.keyUnknown() : Problems.tooManyWrongKeys(wait);
    }

    /**
     * Logs it, with the number of those held back before; never the key.
     *
     * @param key if it is a known one
     */
    void refused(HttpRequest<?> request, String reason, @Nullable ApiKey key) {
        count(reason);
        lines.computeIfAbsent(reason, kind -> new LineLimit()).events().ifPresent(events -> {
            LoggingEventBuilder line = LOG.atWarn()
                    .addKeyValue("outcome", reason)
                    .addKeyValue("address", clientAddress.of(request))
                    .addKeyValue("events", events);
            (key == null ? line : line.addKeyValue("by", key.name())).log("not let in");
        });
    }

    private void count(String outcome) {
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return registry.counter("saved.string.sign.ins", "outcome", outcome);
    }
}
