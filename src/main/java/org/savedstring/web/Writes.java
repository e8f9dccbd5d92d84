package org.savedstring.web;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.savedstring.answer.EntityTags;
import org.savedstring.answer.Problems;
import org.savedstring.answer.Renderer;
import org.savedstring.answer.Representation;
import org.savedstring.keys.Allowances;
import org.savedstring.keys.ApiKey;
import org.savedstring.keys.ApiKeys;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/** Every way to change the string ends here: it is written, recorded and answered. */
@Singleton
final class Writes {

    private final StringStore store;
    private final Renderer renderer;
    private final AuditLog auditLog;
    private final SignIns signIns;
    private final Allowances allowances;

    Writes(
            StringStore store,
            Renderer renderer,
            AuditLog auditLog,
            SignIns signIns,
            @Value("${saved-string.keys.writes-per-minute}") int writesPerMinute) {
        this.store = store;
        this.renderer = renderer;
        this.auditLog = auditLog;
        this.signIns = signIns;
        this.allowances = new Allowances(writesPerMinute, ApiKeys.COUNT_MAX, System::nanoTime);
    }

    CompletionStage<HttpResponse<?>> write(HttpRequest<?> request, String value, Set<String> expectedRevisions) {
        String writer = admit(request);
        return store.write(value, writer, expectedRevisions)
                .whenComplete((saved, failure) -> auditLog.log(request, writer, value, saved, failure))
                .thenApply(saved ->
                        renderer.render(saved).as(Representation.JSON).whole().toFramework());
    }

    CompletionStage<Optional<SavedString>> removeText(HttpRequest<?> request, long version) {
        String writer = admit(request);
        return store.removeText(version)
                .whenComplete((removed, failure) -> auditLog.logRemoval(request, writer, version, failure))
                .exceptionally(failure -> {
                    Throwable cause = StoreException.causeOf(failure);
                    throw cause instanceof StoreException.Conflict
                            ? Problems.currentVersion(version)
                            : new CompletionException(cause);
                });
    }

    /** A write that reaches the store counts, whatever its outcome; one that is refused earlier doesn't. */
    private String admit(HttpRequest<?> request) {
        ApiKey key = ApiKeyFilter.keyOf(request);
        Duration wait = allowances.take(key.name());
        if (!wait.isZero()) {
            signIns.refused(request, "too-many-writes", key);
            throw Problems.tooManyWrites(allowances.perMinute(), wait);
        }
        return key.name();
    }

    /** The revisions, one of which must be current for the request to change anything; empty if any will do. */
    static Set<String> expectedRevisions(HttpRequest<?> request) {
        List<String> headers = request.getHeaders().getAll(HttpHeaders.IF_MATCH);
        return headers.isEmpty()
                ? Set.of()
                : EntityTags.of(headers).orElseThrow(Problems::malformedIfMatch).revisions();
    }
}
