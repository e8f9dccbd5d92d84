package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Bodies;
import org.savedstring.answer.Problems;
import org.savedstring.answer.Reply;
import org.savedstring.answer.Representation;
import org.savedstring.answer.StateBody;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/** What the string was before, for those who may see it. */
@Controller("/history")
@Produces(MediaType.APPLICATION_JSON)
final class HistoryController {

    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 1_000;

    private final StringStore store;
    private final Bodies bodies;
    private final Writes writes;
    private final AuditLog auditLog;

    HistoryController(StringStore store, Bodies bodies, Writes writes, AuditLog auditLog) {
        this.store = store;
        this.bodies = bodies;
        this.writes = writes;
        this.auditLog = auditLog;
    }

    @Get
    CompletionStage<HttpResponse<?>> history(
            HttpRequest<?> request, @Nullable @QueryValue String limit, @Nullable @QueryValue String before) {
        int versionsMax = parseLimit(limit);
        return store.history(
                        Math.min(versionsMax, HistoryPages.PAGE_VERSIONS),
                        before == null ? Long.MAX_VALUE : parseVersion(before))
                .thenApply(page -> {
                    boolean isAll = page.size() == versionsMax || page.size() < HistoryPages.PAGE_VERSIONS;
                    auditLog.logHistoryRead(
                            request, ApiKeyFilter.keyOf(request).name(), isAll ? page.size() : versionsMax);
                    return isAll
                            ? answer(bodies.jsonList(
                                            page.stream().map(StateBody::of).toList()))
                                    .toFramework()
                            : HttpResponse.ok(new HistoryPages(store, bodies, page, versionsMax))
                                    .header(HttpHeaders.CACHE_CONTROL, "no-store");
                });
    }

    @Post("/{version}/restore")
    @Consumes(MediaType.ALL)
    CompletionStage<HttpResponse<?>> restore(HttpRequest<?> request, @PathVariable String version) {
        Set<String> expectedRevisions = Writes.expectedRevisions(request);
        return store.find(parseVersion(version))
                .thenCompose(found -> writes.write(
                        request,
                        found.filter(kept -> kept.text() == SavedString.Text.KEPT)
                                .orElseThrow(() -> Problems.noSuchVersion(version))
                                .value(),
                        expectedRevisions));
    }

    /** Removes the text of a version from the store; that there was one, by whom and when, stays. */
    @Delete("/{version}")
    CompletionStage<HttpResponse<?>> removeText(HttpRequest<?> request, @PathVariable String version) {
        return writes.removeText(request, parseVersion(version))
                .thenApply(removed -> answer(
                                bodies.json(StateBody.of(removed.orElseThrow(() -> Problems.noSuchVersion(version)))))
                        .toFramework());
    }

    private static Reply answer(byte[] body) {
        return Reply.of(
                HttpStatus.OK,
                Map.of(
                        HttpHeaders.CONTENT_TYPE,
                        Representation.JSON.contentType(),
                        HttpHeaders.CACHE_CONTROL,
                        "no-store"),
                body);
    }

    private static int parseLimit(@Nullable String limit) {
        if (limit == null) {
            return LIMIT_DEFAULT;
        }
        if (!limit.matches("\\d{1,4}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > LIMIT_MAX) {
            throw Problems.badRequest("limit-out-of-range", "limit is not a number from 1 to " + LIMIT_MAX + ".");
        }
        return Integer.parseInt(limit);
    }

    private static long parseVersion(String version) {
        if (!version.matches("\\d{1,15}")) {
            throw Problems.badRequest("malformed-version", "The version is not a number.");
        }
        return Long.parseLong(version);
    }
}
