package org.savedstring.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ClientAddress;
import org.savedstring.management.LineLimit;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line in the log for each attempt to change the string, and for those who read its history: who, from where, how
 * long; never the key or the value.
 */
@Singleton
final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.savedstring.changes");

    private final MeterRegistry registry;
    private final ClientAddress clientAddress;
    private final LineLimit historyReads = new LineLimit();

    AuditLog(MeterRegistry registry, ClientAddress clientAddress) {
        this.registry = registry;
        this.clientAddress = clientAddress;
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
                .addKeyValue("address", clientAddress.of(request));
        if (saved != null) {
            entry.addKeyValue("version", saved.version()).log("saved");
        } else {
            entry.addKeyValue("reason", StoreException.reasonOf(failure)).log("not saved");
        }
    }

    /** A text was removed from the history, or wasn't. */
    void logRemoval(HttpRequest<?> request, String writer, long version, @Nullable Throwable failure) {
        LoggingEventBuilder entry = (failure == null ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("by", writer)
                .addKeyValue("version", version)
                .addKeyValue("address", clientAddress.of(request));
        if (failure == null) {
            entry.log("text removed");
        } else {
            entry.addKeyValue("reason", StoreException.reasonOf(failure)).log("text not removed");
        }
    }

    /** Versions were shown; at most one line a second. */
    void logHistoryRead(HttpRequest<?> request, String reader, int versions) {
        registry.counter("saved.string.history.reads").increment();
        historyReads
                .events()
                .ifPresent(events -> LOG.atInfo()
                        .addKeyValue("by", reader)
                        .addKeyValue("versions", versions)
                        .addKeyValue("address", clientAddress.of(request))
                        .addKeyValue("events", events)
                        .log("history read"));
    }

    private static String outcomeOf(@Nullable Throwable failure) {
        return switch (StoreException.causeOf(failure)) {
            case null -> "saved";
            case StoreException.Conflict conflict -> "conflict";
            case StoreException.OutcomeUnknown unknown -> "unknown";
            case StoreException.Overloaded overloaded -> "overloaded";
            case StoreException.VersionLost lost -> "lost";
            case StoreException.Unavailable unavailable -> "unavailable";
            default -> "failed";
        };
    }
}
