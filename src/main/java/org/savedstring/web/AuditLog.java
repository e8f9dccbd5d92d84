package org.savedstring.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line in the log for each attempt to change the string: who, from where, how long; never the key, nor the value. */
@Singleton
final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.savedstring.changes");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private final MeterRegistry registry;

    AuditLog(MeterRegistry registry) {
        this.registry = registry;
    }

    void log(
            HttpRequest<?> request,
            String writer,
            String value,
            @Nullable SavedString saved,
            @Nullable Throwable failure) {
        String outcome = outcomeOf(failure);
        registry.counter("saved.string.writes", "outcome", outcome).increment();
        LoggingEventBuilder entry = (saved == null ? LOG.atWarn() : LOG.atInfo())
                .addKeyValue("outcome", outcome)
                .addKeyValue("by", writer)
                .addKeyValue("bytes", value.getBytes(StandardCharsets.UTF_8).length)
                .addKeyValue("address", address(request));
        if (saved != null) {
            entry.addKeyValue("version", saved.version()).log("saved");
        } else {
            entry.addKeyValue("reason", failure).log("not saved");
        }
    }

    private static String outcomeOf(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "saved";
            case StoreException.Conflict conflict -> "conflict";
            case StoreException.OutcomeUnknown unknown -> "unknown";
            case StoreException.Overloaded overloaded -> "overloaded";
            case StoreException.Unavailable unavailable -> "unavailable";
            default -> "failed";
        };
    }

    /** The load balancer appends the address that it saw to X-Forwarded-For; what stands before it anyone may claim. */
    private static String address(HttpRequest<?> request) {
        String forwarded = request.getHeaders().get("X-Forwarded-For");
        if (forwarded != null) {
            String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
            if (ADDRESS.matcher(last).matches()) {
                return last;
            }
        }
        return request.getRemoteAddress().getAddress().getHostAddress();
    }
}
